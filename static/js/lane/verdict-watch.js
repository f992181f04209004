// A verdict stays on the tablet until somebody touches it, and its truth may end elsewhere: another lane serves the vehicle,
// a book is held, a lease ends. The server is asked what the scan is worth now, and the answer replaces what is shown. A
// verdict that the server has not confirmed for a while is doubtful.

import { answerOrNull, get } from "../lib/http.js";
import { hasOutlivedTruth } from "./validity.js";

const EVERY_MS = 5000; // without news, because leases and hours end by themselves
const DOUBT_MS = 15_000; // without a confirmation

/**
 * @typedef {object} WatchOptions
 * @property {(answer: ScanAnswer, isWorse: boolean) => void} onChanged `isWorse`: the tone has changed
 * @property {(answer: ScanAnswer) => void} onAged only ages differ, or who waits before the vehicle
 * @property {(isDoubtful: boolean) => void} onDoubt whether the verdict may still look like permission
 */

export class VerdictWatch {
  #options;
  #now;
  /** @type {ScanAnswer | null} */
  #shown = null;
  #confirmedAt = 0;
  /** @type {number | null} */
  #revision = null;
  #askedAt = 0;
  #isAsking = false;
  #isMissed = false; // news came while the server was being asked

  /**
   * @param {WatchOptions} options
   * @param {() => number} [now] a clock in ms
   */
  constructor(options, now = () => performance.now()) {
    this.#options = options;
    this.#now = now;
  }

  /** What the server confirmed last about the verdict on the screen. */
  get newest() {
    return this.#shown;
  }

  /** This answer is on the screen from now on; null when none is. @param {ScanAnswer | null} answer */
  watch(answer) {
    this.#shown = answer?.pickup_id ? answer : null;
    this.#askedAt = this.#confirmedAt = this.#now();
    this.#doubt();
  }

  /** The connection is lost: what it brings back is asked about before it counts again. */
  lose() {
    this.#confirmedAt = Number.NEGATIVE_INFINITY;
    this.#doubt();
  }

  /** A state of the lane came. @param {{revision: number}} state */
  learn({ revision }) {
    const isNews = revision !== this.#revision;
    this.#revision = revision;
    if (this.#doubt() || isNews || this.#now() - this.#askedAt >= EVERY_MS) this.ask();
  }

  #doubt() {
    const isDoubtful = this.#shown !== null && this.#now() - this.#confirmedAt >= DOUBT_MS;
    this.#options.onDoubt(isDoubtful);
    return isDoubtful;
  }

  /** Ask now: an act was refused, or something happened. */
  async ask() {
    const shown = this.#shown;
    this.#isMissed = this.#isAsking;
    if (!shown || this.#isAsking) return;
    this.#isAsking = true;
    this.#askedAt = this.#now();
    try {
      const answer = await answerOrNull(get(`/api/v1/scans/${shown.scan_id}/validity`));
      if (answer?.ok && this.#shown === shown) this.#compare(shown, answer.body);
    } finally {
      this.#isAsking = false;
    }
    if (this.#isMissed) this.ask();
  }

  /**
   * @param {ScanAnswer} shown
   * @param {ScanAnswer} now
   */
  #compare(shown, now) {
    this.#shown = now;
    this.#confirmedAt = this.#now();
    this.#doubt();
    if (hasOutlivedTruth(shown, now)) this.#options.onChanged(now, shown.tone !== now.tone);
    else this.#options.onAged(now);
  }
}
