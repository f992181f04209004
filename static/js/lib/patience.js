// How long pages wait for an answer, when they try once more, and from when on they offer a way out. No other module owns
// such times.

const TIMEOUTS_MS = [5000, 8000, 13_000, 20_000]; // of each try: a slow network needs longer than the first one gives
const PAUSES_MS = [300, 600, 1200, 2000]; // after each try
const HEADROOM = 1.25; // times the last round trip
const FIRST_PAUSE_S = 1; // between two questions for a state that does not come by itself
const LONGEST_PAUSE_S = 8;
const ANSWERED_PAUSE_S = 4; // at most, while the answers come: they keep the state young enough
const GONE_WITHIN_S = 1; // a server that is gone refuses so soon, and such a question costs nothing
const SPREAD = 0.25; // of each pause, so that many pages do not ask together

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
 * The pauses of a page that asks for its state: each is twice as long as the one before, because an overburdened server
 * needs fewer questions. `seconds` is the present one.
 */
export class Pauses {
  seconds = FIRST_PAUSE_S;
  #next = FIRST_PAUSE_S;
  #longestAnswered;
  #isPatient;

  /** @param {number} [beat] seconds that this page waits for news anyway */
  constructor(beat = 0) {
    this.#isPatient = beat > 0;
    this.#longestAnswered = Math.min(Math.max(ANSWERED_PAUSE_S, beat), LONGEST_PAUSE_S);
  }

  /** A question is sent now. */
  begin() {
    this.seconds = this.#next * (1 - SPREAD + 2 * SPREAD * Math.random());
    this.#next = Math.min(2 * this.#next, LONGEST_PAUSE_S);
  }

  answered() {
    this.#next = Math.min(this.#next, this.#longestAnswered);
  }

  /**
   * There is no answer after this time. A server may also refuse because too many patient pages ask: those never hurry.
   * @param {number} seconds
   */
  lost(seconds) {
    if (seconds < GONE_WITHIN_S && !this.#isPatient) this.reset();
  }

  /** The state has come by itself, or the next question is free. */
  reset() {
    this.#next = FIRST_PAUSE_S;
    this.seconds = Math.min(this.seconds, FIRST_PAUSE_S);
  }
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
