// The test on the lane's screen: the server shows it, the screen acknowledges its revision over the socket, and the officer
// says whether it can be seen.

import { answerOrNull, post } from "../lib/http.js";
import { LONGEST_MS } from "../lib/patience.js";

const ACKNOWLEDGED_WITHIN_MS = 12_000; // of the 20 seconds that the test is shown

export class ScreenTest {
  #part;
  #lane;
  /** @type {number | null} the revision that the screen must show */
  #awaited = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #tooLate;

  /**
   * @param {import("./part.js").Part} part
   * @param {number} lane
   */
  constructor(part, lane) {
    this.#part = part;
    this.#lane = lane;
  }

  async start() {
    this.stop();
    this.#part.begin("screen_wait");
    const path = `/api/v1/lanes/${this.#lane}/screen-test`;
    const answer = await answerOrNull(post(path, {}, { timeout: LONGEST_MS }));
    if (!answer?.ok)
      return this.#part.end("failed", answer?.body?.error ? "refused" : "network_lost", {
        sentence: answer?.body?.error?.message,
      });
    this.#awaited = answer.body.revision;
    this.#tooLate = setTimeout(() => this.#fail("screen_late"), ACKNOWLEDGED_WITHIN_MS);
  }

  /** A state of the lane came. @param {LaneState} state */
  learn({ screen }) {
    if (this.#awaited === null) return;
    if (screen?.state === "none") return this.#fail("screen_none");
    if ((screen?.revision ?? -1) < this.#awaited) return;
    this.stop();
    this.#part.ask("screen_shown");
  }

  stop() {
    this.#awaited = null;
    clearTimeout(this.#tooLate);
  }

  /** @param {string} key */
  #fail(key) {
    this.stop();
    this.#part.end("failed", key);
  }
}
