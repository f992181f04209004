// What a vehicle is, in words, the same wherever the tablet names one.

import { timeOfDay } from "../lib/clock.js";
import { icon, make, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { place, settings } from "./tablet-point.js";

/** "Mobil · BG ••34 ••". */
export function vehicleWords({ kind, plate_masked: plate }) {
  return [text(kind), plate || text("no_plate")].join(" · ");
}

/** "jalur 2", and its window where a lane has several. */
export function placeWords({ lane, window }) {
  const hasSeveral = settings.lanes.some(({ number, windows }) => number === lane && windows > 1);
  return text(hasSeveral && window ? "at_window" : "at_lane", { lane, window });
}

/** Shape and word of a priority, with its reason (or that alone, where room is short): for staff only. */
export function priorityBadge({ priority }, isShort = false) {
  if (!priority) return null;
  const word = isShort ? text(priority) : text("priority_of", { reason: text(priority) });
  return make("span", { class: "state state--first" }, icon("first"), word);
}

/** The window that a vehicle booked and came in. */
export function bookedBadge({ booked_for: at }) {
  if (!at) return null;
  const time = timeOfDay(at, place.timezone).slice(0, 5);
  return make("span", { class: "state" }, icon("calendar"), text("booked_at", { time }));
}

/** Where a book is while it is not on its shelf; nothing for one on the shelf. */
export function pickBadge({ pick, pick_lane: lane }, own) {
  if (pick === "missing") return state("stop", text("pick_missing"));
  if (pick === "taken") return make("span", { class: "state" }, icon("clock"), text("pick_taken"));
  if (pick !== "at_window") return null;
  const word = lane && lane !== own ? "pick_at_lane" : "pick_at_window";
  return make("span", { class: "state state--go" }, icon("book"), text(word, { lane }));
}
