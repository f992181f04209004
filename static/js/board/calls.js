// Which calls are announced, and how the overview shows them: one as a sentence, several as rows, oldest first.

import { make } from "../lib/dom.js";
import { both, refill } from "./parts.js";

const MAX_SHOWN = 8;

/**
 * The announced calls of a state, oldest first; `window` only where the lane has several.
 * @param {BoardState} state
 */
export const callsOf = ({ announcements, lanes }) => withWindows(announcements, lanes);

/**
 * All calls that the loudspeaker should have spoken by now: also earlier ones whose vehicle has not come yet.
 * @param {BoardState} state
 */
export const callsToSpeak = ({ standing, announcements, lanes }) => withWindows([...standing, ...announcements], lanes);

/**
 * The numbers of all vehicles that are called now.
 * @param {BoardState} state
 */
export const calledNumbers = ({ lanes }) =>
  lanes
    .flatMap(({ visits }) => visits)
    .filter(({ state }) => state === "called")
    .map(({ queue_no }) => queue_no);

/**
 * @param {HTMLElement} strip
 * @param {Call[]} calls
 */
export function showCalls(strip, calls) {
  const shown = calls.slice(-MAX_SHOWN);
  strip.hidden = shown.length === 0;
  strip.dataset.calls = String(shown.length);
  const key = shown.map(({ id, window }) => `${id} ${window}`).join();
  refill(strip, key, () => shown.map((call) => row(call, shown.length > 1)));
}

/**
 * @param {Call[]} calls
 * @param {BoardLane[]} lanes
 */
function withWindows(calls, lanes) {
  const withSeveral = new Set(lanes.filter(({ windows }) => windows > 1).map(({ number }) => number));
  return calls.map((call) => ({ ...call, window: withSeveral.has(call.lane) ? call.window : null }));
}

/**
 * @param {Call} call
 * @param {boolean} isOneOfSeveral
 */
function row({ queue_no, lane, window }, isOneOfSeveral) {
  const key = `announced${isOneOfSeveral ? "_short" : ""}${window ? "_window" : ""}`;
  return make("span", { class: "board__row" }, ...both(key, { n: queue_no, lane, window }));
}
