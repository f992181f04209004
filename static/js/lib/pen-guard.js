// Which pointer writes on a signature pad: a pen takes over from the palm that rested first, a palm never draws beside a
// pen, and what the system cancels was no stroke. Without a page, for tests.

/**
 * What to do with an event: let the pad have it, keep it from the pad, drop the stroke under way (and let the pad have
 * the event, or not).
 * @typedef {"pass" | "ignore" | "take over" | "drop"} Verdict
 * @typedef {{type: string, pointerId: number, pointerType: string}} Pointer
 */

export class PenGuard {
  /** @type {Pointer | null} the pointer that writes */
  #writing = null;
  #isPenKnown = false;

  /**
   * @param {Pointer} event
   * @returns {Verdict}
   */
  judge({ type, pointerId, pointerType }) {
    if (type === "pointerdown") return this.#down({ type, pointerId, pointerType });
    if (this.#writing?.pointerId !== pointerId || type === "pointermove") return "pass"; // the pad knows its pointer
    this.#writing = null;
    return type === "pointercancel" ? "drop" : "pass";
  }

  /** A new signature: perhaps by finger. */
  forget() {
    this.#writing = null;
    this.#isPenKnown = false;
  }

  /**
   * @param {Pointer} pointer
   * @returns {Verdict}
   */
  #down(pointer) {
    const isPen = pointer.pointerType === "pen";
    if (!isPen && (this.#isPenKnown || this.#writing)) return "ignore";
    if (isPen && this.#writing?.pointerType === "pen") return "ignore";
    const isTakeOver = this.#writing !== null;
    this.#isPenKnown ||= isPen;
    this.#writing = pointer;
    return isTakeOver ? "take over" : "pass";
  }
}
