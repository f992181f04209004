// The check beside one row: does the input match the record? Each value is checked once, because a miss counts and locks.
// The expected value is never shown.

import { answerOrNull, post } from "../lib/http.js";
import { LONGEST_MS } from "../lib/patience.js";

const FINAL_ERRORS = [
  "locked",
  "claimed_elsewhere",
  "not_serving",
  "already_collected",
  "not_ready",
  "overdue",
  "not_found",
];

/** @typedef {"identity" | "book"} Part */
/**
 * What is known of an input: asking (under way), lost (no answer), short (not acceptable), null (incomplete).
 * @typedef {"match" | "mismatch" | "asking" | "lost" | "short" | null} Result
 */

/**
 * @typedef {object} CheckOptions
 * @property {number} visitId
 * @property {number} passportId
 * @property {(part: Part) => unknown} inputOf the present input as the server takes it; null while incomplete
 * @property {(part: Part, result: Result, isNew: boolean) => void} onResult
 * @property {(error: ApiError) => void} onStop the form cannot go on
 */

export class RowChecks {
  #options;
  /** @type {Map<string, Result>} by part and input */
  #results = new Map();
  /** @type {number | null} */
  #triesLeft = null;

  /** @param {CheckOptions} options */
  constructor(options) {
    this.#options = options;
  }

  get triesLeft() {
    return this.#triesLeft;
  }

  /** The result for the present input, if it was checked before. @param {Part} part */
  resultOf(part) {
    return this.#results.get(this.#keyOf(part)) ?? null;
  }

  /** The present input matched before, in this tab. @param {Part} part */
  trust(part) {
    this.#results.set(this.#keyOf(part), "match");
  }

  /**
   * The present input did not match before, in this tab: it is not tried again.
   * @param {Part} part
   * @param {number | null} triesLeft
   */
  distrust(part, triesLeft) {
    this.#triesLeft = triesLeft;
    this.#results.set(this.#keyOf(part), "mismatch");
  }

  /** Check the present input. @param {Part} part */
  async check(part) {
    const { inputOf, onResult, onStop } = this.#options;
    const key = this.#keyOf(part);
    const known = this.#results.get(key);
    if (known !== undefined) return onResult(part, known, false);
    this.#results.set(key, "asking");
    onResult(part, "asking", false);
    const result = await this.#request(part, inputOf(part));
    if (result === "match" || result === "mismatch") this.#results.set(key, result);
    else this.#results.delete(key); // nothing is known: it may be checked again
    if (this.#keyOf(part) !== key) return; // the input has changed meanwhile
    onResult(part, result, true);
    if (result === "mismatch" && this.#triesLeft === 0) onStop({ code: "locked" });
  }

  /**
   * The handover itself found a mismatch.
   * @param {Part} part
   * @param {number} [triesLeft]
   */
  refuse(part, triesLeft) {
    this.#triesLeft = triesLeft ?? this.#triesLeft;
    this.#results.set(this.#keyOf(part), "mismatch");
    this.#options.onResult(part, "mismatch", true);
  }

  /** @param {Part} part */
  #keyOf(part) {
    return JSON.stringify([part, this.#options.inputOf(part)]);
  }

  /**
   * @param {Part} part
   * @param {unknown} input
   * @returns {Promise<Result>}
   */
  async #request(part, input) {
    const { visitId, passportId, onStop } = this.#options;
    const path = `/api/v1/visits/${visitId}/checks`;
    const answer = await answerOrNull(post(path, { passport_id: passportId, [part]: input }, { timeout: LONGEST_MS }));
    if (!answer) return "lost";
    const { ok, status, body } = answer;
    if (ok) this.#triesLeft = body.tries_left;
    if (ok) return body[part] === "match" ? "match" : "mismatch";
    if (FINAL_ERRORS.includes(body?.error?.code)) onStop(body.error);
    return status === 422 ? "short" : "lost";
  }
}
