// The one scan that the server has not answered yet: amber after a moment, until the answer comes or the officer gives it up.

import { CheckingOverlay } from "./checking-overlay.js";
import { GivenUp, send } from "./scan.js";

const SLOW_MS = 300; // an answer that takes longer is announced as "checking"

export class ScanInProgress {
  /** @type {AbortController | null} ends the scan under way */
  #scanning = null;
  /** @type {CheckingOverlay | null} */
  #amber = null;
  #givenUp = new GivenUp();
  #onAmber;

  /** @param {{onAmber: (element: HTMLElement) => void}} options `onAmber` once for each scan that takes long */
  constructor({ onAmber }) {
    this.#onAmber = onAmber;
  }

  get isUnderWay() {
    return this.#scanning !== null;
  }

  /** The server's answer; null when the officer has given the scan up. @param {import("./scan.js").Scan | import("./scan.js").LookupRequest} scan */
  async answerTo(scan) {
    const scanning = new AbortController();
    this.#scanning = scanning;
    const showAmber = () => this.#showAmber(scanning);
    const slow = setTimeout(showAmber, SLOW_MS);
    const sent = this.#givenUp.repeated(scan);
    const answer = await send(sent, { onUnanswered: showAmber, signal: scanning.signal });
    clearTimeout(slow);
    this.#scanning = this.#amber = null;
    if (!answer) this.#givenUp.keep(sent);
    return answer;
  }

  tick() {
    this.#amber?.tick();
  }

  /** @param {AbortController} scanning */
  #showAmber(scanning) {
    if (this.#scanning !== scanning || this.#amber) return;
    this.#amber = new CheckingOverlay({ onCancel: () => scanning.abort() });
    this.#onAmber(this.#amber.element);
  }
}
