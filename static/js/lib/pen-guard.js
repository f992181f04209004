// Which pointer writes on a signature pad: a pen takes over from the palm that rested first, a palm never draws beside a
// pen, and what the system cancels was no stroke. Without a page, for tests.

/**
 * What to do with an event: let the pad have it, keep it from the pad, drop the stroke under way (and let the pad have
 * the event, or not), or end the stroke under way first, whose own end nobody has heard.
 * @typedef {"pass" | "ignore" | "take over" | "drop" | "go on"} Verdict
 * @typedef {{type: string, pointerId: number, pointerType: string, isPrimary?: boolean}} Pointer
 */

export class PenGuard {
  /** @type {Pointer | null} the pointer that writes */
  #writing = null;
  #isPenKnown = false;

  /**
   * @param {Pointer} event
   * @returns {Verdict}
   */
  judge({ type, pointerId, pointerType, isPrimary }) {
    if (type === "pointerdown") return this.#down({ type, pointerId, pointerType, isPrimary });
    if (this.#writing?.pointerId !== pointerId || type === "pointermove") return "pass"; // the pad knows its pointer
    this.#writing = null;
    return type === "pointercancel" ? "drop" : "pass";
  }

  get isWriting() {
    return this.#writing !== null;
  }

  /** The page was left or covered in the middle of a stroke: its end may never come. */
  lift() {
    this.#writing = null;
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
    if (this.#isLost(pointer)) return this.#goOn(pointer);
    if (!isPen && (this.#isPenKnown || this.#writing)) return "ignore";
    if (isPen && this.#writing?.pointerType === "pen") return "ignore";
    const isTakeOver = this.#writing !== null;
    this.#isPenKnown ||= isPen;
    this.#writing = pointer;
    return isTakeOver ? "take over" : "pass";
  }

  /**
   * Whether the pointer that writes must have been lifted: it comes down again, or a first finger does.
   * @param {Pointer} pointer
   */
  #isLost({ pointerId, pointerType, isPrimary }) {
    const writing = this.#writing;
    const isFirstFinger = pointerType === "touch" && isPrimary === true;
    return writing?.pointerId === pointerId || (isFirstFinger && writing?.pointerType === "touch");
  }

  /**
   * @param {Pointer} pointer
   * @returns {Verdict}
   */
  #goOn(pointer) {
    this.#writing = pointer;
    return "go on";
  }
}
