// Which rows of the form stay behind this time: one tick per row. Whatever was typed in a row stays in it, and the row comes
// back with one touch.

import { slots } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/** @typedef {{element: HTMLElement, passportId: number}} Row */

export class LeftOutRows {
  /** @type {Set<number>} by passport_id */
  #ids = new Set();
  /** @type {Map<number, HTMLInputElement>} by passport_id */
  #ticks = new Map();

  /**
   * @param {Row[]} rows
   * @param {{names: string[], leftOut: number[], onChange: () => void}} options `names` of the holders, row by row; `leftOut` before
   */
  constructor(rows, { names, leftOut, onChange }) {
    for (const [n, { element, passportId: id }] of rows.entries()) {
      const slot = slots(element);
      const tick = /** @type {HTMLInputElement} */ (slot.included);
      this.#ticks.set(id, tick);
      const paint = () => {
        element.classList.toggle("is-left-out", this.#ids.has(id));
        slot.left_out.hidden = tick.checked;
      };
      tick.setAttribute("aria-label", text("included", { name: names[n] }));
      tick.checked = !leftOut.includes(id);
      if (!tick.checked) this.#ids.add(id);
      tick.addEventListener("change", () => {
        if (tick.checked) this.#ids.delete(id);
        else this.#ids.add(id);
        paint();
        onChange();
      });
      paint();
    }
  }

  /** As if its tick had been taken away. @param {number} passportId */
  leaveOut(passportId) {
    const tick = this.#ticks.get(passportId);
    if (tick?.checked) tick.click();
  }

  get ids() {
    return [...this.#ids];
  }

  /** The book of this row is in the hand after all. @param {Row} row */
  bringBack(row) {
    if (this.has(row)) slots(row.element).included.click();
  }

  /** @param {Row} row */
  has({ passportId: id }) {
    return this.#ids.has(id);
  }
}
