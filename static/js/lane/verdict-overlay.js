// What covers the camera: a verdict, while scanning goes on behind it. A verdict that the server can no longer confirm
// turns grey at once.

import { byId, selectAll } from "../lib/dom.js";

export class VerdictOverlay {
  /** @type {HTMLElement | null} */
  #element = null;
  #isLost = false;
  #isDoubtful = false;

  get isShown() {
    return this.#element !== null;
  }

  /**
   * Put a verdict over the camera. The focus moves to its primary button only when `isTyped`.
   * @param {HTMLElement} element
   * @param {{isTyped?: boolean}} [options]
   */
  show(element, { isTyped = false } = {}) {
    this.#element?.remove();
    this.#element = element;
    const zone = byId("scanner-zone");
    zone.append(element);
    byId("scanner-panel").inert = true;
    this.#paint();
    zone.scrollIntoView({ block: "nearest" });
    if (isTyped) /** @type {HTMLElement | null} */ (element.querySelector(".button--primary"))?.focus();
  }

  /**
   * Show the camera again; `focus` puts the cursor into the field for typing.
   * @param {{focus?: boolean}} [options]
   */
  hide({ focus = false } = {}) {
    this.#element?.remove();
    this.#element = null;
    byId("scanner-panel").inert = false;
    if (focus) byId("code").focus();
  }

  /** While the connection is lost nothing on the screen may look like permission. @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    this.#paint();
  }

  /** The server has not confirmed the verdict for a while. @param {boolean} isDoubtful */
  setDoubtful(isDoubtful) {
    if (isDoubtful === this.#isDoubtful) return;
    this.#isDoubtful = isDoubtful;
    this.#paint();
  }

  get #isGrey() {
    return this.#isLost || this.#isDoubtful;
  }

  /** Buttons that write wait for the connection and for the answer to the act under way. @param {boolean} isBusy */
  setBusy(isBusy) {
    const buttons = this.#element ? selectAll("[data-writes]", this.#element, HTMLButtonElement) : [];
    for (const button of buttons) button.disabled = isBusy || this.#isGrey;
  }

  #paint() {
    this.#element?.classList.toggle("verdict--grey", this.#isGrey);
    this.setBusy(false);
  }
}
