// Acts over HTTP, one after the other, each only once at a time. A refusal is shown where the act was requested. Every wait has
// a way out. An act that the server takes twice without harm is sent again with more time each turn. Another one is sent once, with
// the longest time: a second call of the next vehicle would call another one.

import { answerOrNull, post, remove } from "../lib/http.js";
import { text } from "../lib/messages.js";
import { LONGEST_MS, untilAnswered } from "../lib/patience.js";
import { watchAnswer } from "./late-answer.js";

const REPEATABLE = /\/(serve|park|resume|supervisor)$/; // a second one finds it done
const UNAVAILABLE = 503;

/** @typedef {import("../lib/http.js").Answer} Answer */

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
    const givingUp = new AbortController();
    const end = watchAnswer(() => givingUp.abort());
    try {
      const answer = await answerTo(path, body, givingUp.signal);
      if (answer?.ok) return answer.body;
      onRefused(answer?.body?.error?.message ?? text("unanswered"), answer?.body?.error ?? {});
    } finally {
      end();
      this.#pending.delete(path);
      onBusy(false);
    }
    return null;
  }
}

/**
 * The answer of the server; null when it is lost, or when `signal` ended the wait.
 * @param {string} path
 * @param {object | null | undefined} body
 * @param {AbortSignal} signal
 * @returns {Promise<Answer | null>}
 */
async function answerTo(path, body, signal) {
  const isRepeatable = body !== null && REPEATABLE.test(path);
  const outcome = await untilAnswered(
    async (patience) => {
      const timeout = isRepeatable ? patience : LONGEST_MS;
      const answer = await answerOrNull(
        body === null ? remove(path, undefined, { timeout }) : post(path, body, { timeout }),
      );
      const isLost = !answer || answer.status === UNAVAILABLE;
      return isLost && isRepeatable ? null : { answer };
    },
    { signal },
  );
  return outcome?.answer ?? null;
}
