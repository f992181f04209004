// Where a vehicle can be handed on to: every other lane, and every other window.

import { text } from "../lib/messages.js";
import { settings } from "./tablet-point.js";

/** [[value, word], …] for the dialog; `value` is read by `targetOf`. */
export function targets(visit) {
  const all = settings.lanes.flatMap((lane) =>
    lane.windows > 1
      ? Array.from({ length: lane.windows }, (_, n) => ({ ...lane, window: n + 1 }))
      : [{ ...lane, window: null }],
  );
  const isElsewhere = ({ number, window }) => number !== visit.lane || (window !== null && window !== visit.window);
  return all.filter(isElsewhere).map((one) => [`${one.number}/${one.window ?? ""}`, words(one)]);
}

/** {lane, window?} of a chosen value. */
export function targetOf(value) {
  const [lane, window] = value.split("/").map(Number);
  return { lane, ...(window && { window }) };
}

function words({ number, window, kind, site }) {
  const where = text(window ? "To_window" : "To_lane", { lane: number, window });
  return [where, kind !== "mixed" && text(kind), site].filter(Boolean).join(" · ");
}
