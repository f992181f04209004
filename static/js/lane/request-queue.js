// Acts over HTTP, one after the other, each only once at a time. A refusal is shown where the act was requested.

import { answerOrNull, post, remove } from "../lib/http.js";
import { text } from "../lib/messages.js";

/**
 * @typedef {object} RequestOptions
 * @property {(isBusy: boolean) => void} onBusy around each act
 * @property {(sentence: string, error: ApiError) => void} onRefused with "" when a new act begins
 */

export class RequestQueue {
  #options;
  #pending = new Set(); // paths
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {RequestOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * Send one act. Resolves to the body of the answer, or to null; with `body` null it deletes.
   * @param {string} path
   * @param {object | null} [body]
   * @returns {Promise<any>}
   */
  send(path, body) {
    if (this.#pending.has(path)) return Promise.resolve(null); // touched twice
    this.#pending.add(path);
    const turn = this.#last.then(() => this.#sendNow(path, body)); // news may offer the next act before this answer is here
    this.#last = turn.catch(() => {});
    return turn;
  }

  /**
   * @param {string} path
   * @param {object | null | undefined} body
   */
  async #sendNow(path, body) {
    const { onBusy, onRefused } = this.#options;
    onBusy(true);
    onRefused("", {});
    try {
      const answer = await answerOrNull(body === null ? remove(path) : post(path, body));
      if (answer?.ok) return answer.body;
      onRefused(answer?.body?.error?.message ?? text("unanswered"), answer?.body?.error ?? {});
    } finally {
      this.#pending.delete(path);
      onBusy(false);
    }
    return null;
  }
}
