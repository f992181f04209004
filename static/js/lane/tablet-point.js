// The point of the lane at which this tablet is used (lane, window, gate or both) and what the office has set. Both are
// read from the page once, on first use.

import { byId } from "../lib/dom.js";

const REMEMBERED_KEY = "ampera.point";

/** @typedef {{lane: number, kind: string, window: number | null, staff: number, isGate: boolean, timezone: string}} Point */

/** @type {Point | undefined} */
let knownPoint;
/** @type {LaneSettings | undefined} */
let knownSettings;

/** @returns {Point} */
export function tabletPoint() {
  knownPoint ??= readPoint();
  return knownPoint;
}

/** @returns {LaneSettings} */
export function laneSettings() {
  knownSettings ??= JSON.parse(byId("lane-settings").textContent ?? "");
  return /** @type {LaneSettings} */ (knownSettings);
}

/** Let `/lane` open this point again on this tablet. */
export function rememberPoint() {
  localStorage.setItem(REMEMBERED_KEY, byId("main").dataset.remembered ?? "");
}

/** What every move sends about this point. */
export function pointFields() {
  const { lane, window } = tabletPoint();
  return { lane, ...(window && { window }) };
}

/** Whether there is another lane or window to hand a vehicle on to. */
export function hasOtherPoint() {
  const { lanes } = laneSettings();
  return lanes.length > 1 || lanes[0].windows > 1;
}

/**
 * Whether a lane of this tablet's kind takes the vehicle.
 * @param {{kind: string}} visit
 */
export function takesKind({ kind }) {
  const point = tabletPoint();
  return point.kind === "mixed" || kind === point.kind;
}

function readPoint() {
  const { dataset } = byId("main");
  return {
    lane: Number(dataset.lane),
    kind: dataset.laneKind ?? "",
    window: Number(dataset.window) || null,
    staff: Number(dataset.staff),
    isGate: dataset.point === "gate",
    timezone: dataset.timezone ?? "",
  };
}
