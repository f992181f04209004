// Where a vehicle can be handed on to: every other lane, and every other window.

import { text } from "../lib/messages.js";
import { laneSettings } from "./tablet-point.js";

/** @type {Set<number> | null} the lanes that take vehicles now; null before the first state */
let openLanes = null;

/** @param {LaneState} state */
export function learnOpenLanes({ open_lanes }) {
  openLanes = new Set(open_lanes);
}

/** @typedef {{number: number, kind: string, site?: string, window: number | null}} Target */

/**
 * [[value, label, why not?], …] for the dialog; `parseTarget` reads the value. Lanes of this site for this kind of vehicle; a
 * closed one is shown and cannot be chosen.
 * @param {Visit} visit
 */
export function targets(visit) {
  const { lanes } = laneSettings();
  const site = lanes.find(({ number }) => number === visit.lane)?.site;
  const fitting = lanes.filter((lane) => lane.site === site && ["mixed", visit.kind].includes(lane.kind));
  const all = fitting.flatMap(({ windows, ...lane }) =>
    windows > 1
      ? Array.from({ length: windows }, (_, n) => ({ ...lane, window: n + 1 }))
      : [{ ...lane, window: /** @type {number | null} */ (null) }],
  );
  return all
    .filter(({ number, window }) => number !== visit.lane || (window !== null && window !== visit.window))
    .map((target) => [`${target.number}/${target.window ?? ""}`, label(target), closed(target)]);
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
const closed = ({ number }) => (openLanes?.has(number) === false ? text("lane_closed") : "");

/** @param {Target} target */
function label({ number, window, kind }) {
  const where = text(window ? "To_window" : "To_lane", { lane: number, window });
  return [where, kind !== "mixed" && text(kind)].filter(Boolean).join(" · ");
}
