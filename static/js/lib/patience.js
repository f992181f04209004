// How long pages wait for an answer, when they try once more, and from when on they offer a way out. No other module owns
// such times.

const TIMEOUTS_MS = [5000, 8000, 13_000, 20_000]; // of each try: a slow network needs longer than the first one gives
const PAUSES_MS = [300, 600, 1200, 2000]; // after each try
const HEADROOM = 1.25; // times the last round trip

export const LATE_S = 5; // from here on the page says that there is no answer, and offers a way out
export const USUAL_MS = TIMEOUTS_MS[1]; // of a single request that may be made again
export const LONGEST_MS = TIMEOUTS_MS[TIMEOUTS_MS.length - 1]; // of a request that must not be made twice

/** @param {number[]} list @param {number} turn 0, 1, … */
const at = (list, turn) => list[Math.min(turn, list.length - 1)];

/** The timeout of this turn, in ms: with each turn more. @param {number} turn 0, 1, … */
export const timeoutOf = (turn) => at(TIMEOUTS_MS, turn);

/** The turn whose timeout fits a network with this round trip. @param {number} roundTrip ms */
export function turnFor(roundTrip) {
  const turn = TIMEOUTS_MS.findIndex((timeout) => timeout >= HEADROOM * roundTrip);
  return turn < 0 ? TIMEOUTS_MS.length - 1 : turn;
}

/**
 * Try until there is an answer, with more time each turn. What is tried must be safe to repeat. Resolves to null when `signal`
 * ended it.
 * @template T
 * @param {(timeout: number) => Promise<T | null>} attempt null without an answer
 * @param {{signal: AbortSignal, onUnanswered?: () => void}} options `onUnanswered` before every repetition
 * @returns {Promise<T | null>}
 */
export async function untilAnswered(attempt, { signal, onUnanswered }) {
  /** @type {Promise<null>} */
  const ended = new Promise((resolve) => signal.addEventListener("abort", () => resolve(null)));
  for (let turn = 0; !signal.aborted; turn++) {
    const answer = await Promise.race([attempt(timeoutOf(turn)), ended]);
    if (signal.aborted) break;
    if (answer) return answer;
    onUnanswered?.();
    await Promise.race([new Promise((resume) => setTimeout(resume, at(PAUSES_MS, turn))), ended]);
  }
  return null;
}
