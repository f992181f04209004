// A verdict stays on the tablet until somebody touches it, and its truth may end elsewhere: another lane serves the vehicle,
// a book is held, a lease ends. The server is asked what the scan is worth now, and the answer replaces what is shown.

import { get, NetworkLost } from "../lib/http.js";
import { hasOutlivedTruth } from "./validity.js";

const EVERY_MS = 5000; // without news, because leases and hours end by themselves

/**
 * @typedef {object} WatchOptions
 * @property {(answer: ScanAnswer, isWorse: boolean) => void} onChanged `isWorse`: the tone has changed
 * @property {(answer: ScanAnswer) => void} onAged only the ages in the sentences differ
 */

export class VerdictWatch {
  #options;
  /** @type {ScanAnswer | null} */
  #shown = null;
  /** @type {number | null} */
  #revision = null;
  #askedAt = 0;
  #isAsking = false;
  #isMissed = false; // news came while the server was being asked

  /** @param {WatchOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** This answer is on the screen from now on; null when none is. @param {ScanAnswer | null} answer */
  watch(answer) {
    this.#shown = answer?.pickup_id ? answer : null;
    this.#askedAt = performance.now();
  }

  /** A state of the lane came. @param {{revision: number}} state */
  learn({ revision }) {
    const isNews = revision !== this.#revision;
    this.#revision = revision;
    if (isNews || performance.now() - this.#askedAt >= EVERY_MS) this.ask();
  }

  /** Ask now: an act was refused, or something happened. */
  async ask() {
    const shown = this.#shown;
    this.#isMissed = this.#isAsking;
    if (!shown || this.#isAsking) return;
    this.#isAsking = true;
    this.#askedAt = performance.now();
    try {
      const { ok, body } = await get(`/api/v1/scans/${shown.scan_id}/validity`);
      if (ok && this.#shown === shown) this.#compare(shown, body);
    } catch (error) {
      if (!(error instanceof NetworkLost)) throw error; // the age of the connection shows that
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
    if (hasOutlivedTruth(shown, now)) this.#options.onChanged(now, shown.tone !== now.tone);
    else this.#options.onAged(now);
  }
}
