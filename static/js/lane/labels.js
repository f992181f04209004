// What a vehicle is, in words: the same everywhere on the tablet.

import { timeOfDay } from "../lib/clock.js";
import { icon, make, state } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { laneSettings, tabletPoint } from "./tablet-point.js";

/**
 * "Mobil · BG ••34 ••", with the word for the vehicle behind the plate or in its place: "Mobil · Avanza putih".
 * @param {Visit} visit
 */
export function vehicleLabel(visit) {
  return [text(visit.kind), vehicleMarks(visit) || text("no_plate")].join(" · ");
}

/**
 * By what the vehicle is recognized, as far as it is known: "BG ••34 •• · Avanza putih". For staff only.
 * @param {{look?: string | null, plate_masked?: string | null}} vehicle
 */
export function vehicleMarks({ look, plate_masked: plate }) {
  return [plate, look].filter(Boolean).join(" · ");
}

/**
 * "3 kendaraan lebih dulu: A003, A004, A005", or "" when none waits before it.
 * @param {ScanAnswer["facts"]} facts
 */
export function beforeLabel({ ahead = 0, ahead_nos: numbers = [] } = {}) {
  if (!ahead) return "";
  return count("before", ahead, { numbers: `${numbers.join(", ")}${ahead > numbers.length ? " …" : ""}` });
}

/**
 * "jalur 2", and its window where a lane has several.
 * @param {{lane: number, window?: number | null}} point
 */
export function pointLabel({ lane, window }) {
  const hasSeveral = laneSettings().lanes.some(({ number, windows }) => number === lane && windows > 1);
  return text(hasSeveral && window ? "at_window" : "at_lane", { lane, window });
}

/**
 * Icon and word of a priority with its reason, or the reason alone where room is short. For staff only.
 * @param {Visit} visit
 */
export function priorityBadge({ priority }, isShort = false) {
  if (!priority) return null;
  const word = text("priority_of", { reason: text(priority) });
  if (!isShort) return make("span", { class: "state state--first" }, icon("first"), word);
  const spoken = make("span", { class: "visually-hidden" }, word);
  return make("span", { class: "state state--first" }, icon("first"), spoken, seenOnly(text(priority)));
}

/** What is seen but not read out. @param {string} word */
const seenOnly = (word) => make("span", { "aria-hidden": "true" }, word);

/**
 * The slot that a vehicle has booked and come in.
 * @param {Visit} visit
 */
export function bookingBadge({ booked_for: at }) {
  if (!at) return null;
  const time = timeOfDay(at, tabletPoint().timezone).slice(0, 5);
  return make("span", { class: "state" }, icon("calendar"), text("booked_at", { time }));
}

/**
 * No code was shown: a pickup of this vehicle was looked up, and the record will say so.
 * @param {Visit} visit
 */
export function lookupBadge({ passports }) {
  if (!passports.some(({ found_by: way }) => way === "lookup")) return null;
  return make("span", { class: "state state--wait" }, icon("search"), text("no_code"));
}

/**
 * Where a book is while it is not on its shelf; null for a book on the shelf.
 * @param {Book} book
 * @param {number} ownLane
 */
export function pickBadge({ pick, pick_lane: lane }, ownLane) {
  if (pick === "missing") return state("stop", text("pick_missing"));
  if (pick === "taken") return make("span", { class: "state" }, icon("clock"), text("pick_taken"));
  if (pick !== "at_window") return null;
  const key = lane && lane !== ownLane ? "pick_at_lane" : "pick_at_window";
  return make("span", { class: "state state--go" }, icon("book"), text(key, { lane }));
}
