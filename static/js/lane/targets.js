// Where a vehicle can be handed on to: every other lane, and every other window.

import { text } from "../lib/messages.js";
import { laneSettings } from "./tablet-point.js";

/** @typedef {{number: number, kind: string, site?: string, window: number | null}} Target */

/**
 * [[value, label], …] for the dialog; `parseTarget` reads the value.
 * @param {Visit} visit
 */
export function targets(visit) {
  const all = laneSettings().lanes.flatMap(({ windows, ...lane }) =>
    windows > 1
      ? Array.from({ length: windows }, (_, n) => ({ ...lane, window: n + 1 }))
      : [{ ...lane, window: /** @type {number | null} */ (null) }],
  );
  return all
    .filter(({ number, window }) => number !== visit.lane || (window !== null && window !== visit.window))
    .map((target) => [`${target.number}/${target.window ?? ""}`, label(target)]);
}

/**
 * {lane, window?} of a chosen value.
 * @param {string} value
 */
export function parseTarget(value) {
  const [lane, window] = value.split("/").map(Number);
  return { lane, ...(window && { window }) };
}

/** @param {Target} target */
function label({ number, window, kind, site }) {
  const where = text(window ? "To_window" : "To_lane", { lane: number, window });
  return [where, kind !== "mixed" && text(kind), site].filter(Boolean).join(" · ");
}
