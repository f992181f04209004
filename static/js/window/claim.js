// The claim on a visit is a lease. It is renewed only while somebody works at this tablet: an unattended tablet lets the
// lease end, so that another lane can continue.

import { pointFields } from "../lane/tablet-point.js";
import { answerOrNull, get, post } from "../lib/http.js";
import { LONGEST_MS } from "../lib/patience.js";

const RENEWALS = 3; // per lease: it is renewed when a third of it is over
const LOST = [403, 404, 409];

/**
 * @typedef {object} ClaimOptions
 * @property {number} visitId
 * @property {number} leaseSeconds
 * @property {(visit: Visit) => void} onRenewed
 * @property {(error: ApiError) => void} onLost
 */

export class ClaimKeeper {
  #options;
  #stop = new AbortController();
  #isUsed = false;
  #isPaused = false;
  #isRequesting = false;
  #renewedAt = performance.now();
  #ticking;

  /** @param {ClaimOptions} options */
  constructor(options) {
    this.#options = options;
    const onActivity = () => {
      this.#isUsed = true;
    };
    for (const name of ["pointerdown", "keydown"])
      addEventListener(name, onActivity, { capture: true, signal: this.#stop.signal });
    this.#ticking = setInterval(() => this.#tick(), 1000);
  }

  /** While paused nothing is renewed. @param {boolean} isPaused */
  pause(isPaused) {
    this.#isPaused = isPaused;
  }

  close() {
    this.#stop.abort();
    clearInterval(this.#ticking);
  }

  #tick() {
    const isDue = performance.now() - this.#renewedAt >= (this.#options.leaseSeconds * 1000) / RENEWALS;
    if (isDue && this.#isUsed && !this.#isPaused && !this.#isRequesting && !document.hidden) this.#renew();
  }

  async #renew() {
    const { visitId, onRenewed, onLost } = this.#options;
    this.#isRequesting = true;
    try {
      const answer = await answerOrNull(
        post(`/api/v1/visits/${visitId}/serve`, pointFields(), { timeout: LONGEST_MS }),
      );
      if (!answer || this.#stop.signal.aborted || this.#isPaused) return; // without one the next tick tries again
      const { ok, status, body } = answer;
      if (LOST.includes(status)) onLost(body?.error ?? {});
      if (!ok) return;
      this.#renewedAt = performance.now();
      this.#isUsed = false;
      onRenewed(body);
    } finally {
      this.#isRequesting = false;
    }
  }
}

/**
 * The card of the visit where it is served now; null when it is not served any more, undefined without an answer.
 * @param {number} visitId
 * @returns {Promise<Visit | null | undefined>}
 */
export async function servedCard(visitId) {
  const answer = await answerOrNull(get("/api/v1/visits?state=serving"));
  if (!answer?.ok) return undefined;
  return answer.body.visits.find((/** @type {Visit} */ { id }) => id === visitId) ?? null;
}
