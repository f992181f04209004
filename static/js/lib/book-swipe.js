// A passport that is swiped through a reader: its two lines come as one text, or one after the other. Only the line that waits
// for the other is held, for a moment.

import { now } from "./clock.js";
import { isPartOfZone, LINE, readZone } from "./mrz.js";

export const OTHER_LINE_MS = 1500; // the slowest reader needs less for its second line
const MOST_OF_LINE = 60; // characters, when some were read twice; more are both lines

/** @typedef {import("./mrz.js").Zone} Zone */

export class BookSwipe {
  #held = "";
  #heldAt = Number.NEGATIVE_INFINITY;

  /**
   * "code": something else was scanned. "half": the other line must follow. "damaged": the book must be swiped again.
   * @param {string} text as the reader typed it
   * @param {number} at ms
   * @returns {Zone | "code" | "half" | "damaged"}
   */
  take(text, at) {
    const line = text.toUpperCase().replace(/\s/g, "");
    const held = at - this.#heldAt <= OTHER_LINE_MS ? this.#held : "";
    this.#held = "";
    if (!isPartOfZone(line)) return "code";
    const [upper, lower] = line.length === 2 * LINE ? [line.slice(0, LINE), line.slice(LINE)] : [held, line];
    const zone = readZone(upper, lower, now());
    if (zone) return zone;
    if (held || line.length > MOST_OF_LINE || !line.startsWith("P")) return "damaged";
    this.#held = line;
    this.#heldAt = at;
    return "half";
  }

  /** The other line has not come. */
  forget() {
    this.#held = "";
  }
}
