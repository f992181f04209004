// Which calls are announced, and how the overview says them: one as a sentence, several as rows, oldest first.

import { make } from "../lib/dom.js";
import { both, refill } from "./parts.js";

const MOST = 8;

/** The announced calls of a state, oldest first; `window` only where the lane has several. */
export const callsOf = ({ announcements, lanes }) => withWindows(announcements, lanes);

/** All that a loudspeaker should have said by now: also calls of before whose vehicle has not come yet. */
export const sayable = ({ standing, announcements, lanes }) => withWindows([...standing, ...announcements], lanes);

function withWindows(calls, lanes) {
  const severalAt = new Set(lanes.filter(({ windows }) => windows > 1).map(({ number }) => number));
  return calls.map((call) => ({ ...call, window: severalAt.has(call.lane) ? call.window : null }));
}

/** Numbers of all vehicles that are called now. */
export const calledIn = ({ lanes }) =>
  lanes
    .flatMap(({ visits }) => visits)
    .filter(({ state }) => state === "called")
    .map(({ queue_no }) => queue_no);

export function showCalls(strip, calls) {
  const shown = calls.slice(-MOST);
  strip.hidden = shown.length === 0;
  strip.dataset.calls = shown.length;
  const key = shown.map(({ id, window }) => `${id} ${window}`).join();
  refill(strip, key, () => shown.map((call) => row(call, shown.length > 1)));
}

function row({ queue_no, lane, window }, isOneOfSeveral) {
  const key = `announced${isOneOfSeveral ? "_short" : ""}${window ? "_window" : ""}`;
  return make("span", { class: "board__row" }, ...both(key, { n: queue_no, lane, window }));
}
