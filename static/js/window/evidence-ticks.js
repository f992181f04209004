// The evidence that the collector has shown: one tick for each document, and one button that ticks them all where the office
// allows it. Every tick stays visible and can be taken back.

import { icon, make, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";

export class EvidenceTicks {
  #box;
  #onChange;
  #onAll;
  #isAllAtOnce;
  /** @type {string[]} */
  #needed = [];
  /** @type {Set<string>} */
  #shown;

  /**
   * @param {HTMLElement} box
   * @param {{shown: string[], isAllAtOnce: boolean, onChange: () => void, onAll: () => void}} options `shown` before,
   *   `isAllAtOnce`: the office's rule, `onAll`: after the touch that ticked them all
   */
  constructor(box, { shown, isAllAtOnce, onChange, onAll }) {
    this.#box = box;
    this.#shown = new Set(shown);
    this.#isAllAtOnce = isAllAtOnce;
    this.#onChange = onChange;
    this.#onAll = onAll;
  }

  /** Everything that was ticked, also for another class. */
  get shown() {
    return [...this.#shown];
  }

  get unticked() {
    return this.#needed.filter((item) => !this.#shown.has(item)).length;
  }

  /** The documents of these lists that were ticked. @param {string[]} items */
  among(items) {
    return items.filter((item) => this.#shown.has(item));
  }

  /** These documents were shown; a tick stands there when they are asked for. @param {string[]} items */
  add(items) {
    for (const item of items) this.#shown.add(item);
  }

  /** Ask for these documents. @param {string[]} needed */
  ask(needed) {
    this.#needed = needed;
    const ticks = needed.map((item) => this.#tick(item));
    this.#box.replaceChildren(...ticks, ...(this.#isAllAtOnce && needed.length > 1 ? [this.#allButton()] : []));
  }

  /** Mark the documents that the server misses. @param {string[]} missing */
  mark(missing) {
    for (const tick of selectAll("input", this.#box, HTMLInputElement)) {
      const isWrong = missing.includes(tick.value);
      // A tick has no frame of its own: only screen readers get the mark.
      if (isWrong) tick.setAttribute("aria-invalid", "true");
      else tick.removeAttribute("aria-invalid");
    }
  }

  /** @param {string} item */
  #tick(item) {
    const change = (/** @type {{target: HTMLInputElement}} */ { target }) => {
      if (target.checked) this.#shown.add(item);
      else this.#shown.delete(item);
      this.#paintButton();
      this.#onChange();
    };
    const box = make("input", { type: "checkbox", value: item, checked: this.#shown.has(item), change });
    return make("label", { class: "tick" }, box, text(`shown_${item}`));
  }

  #allButton() {
    const click = () => {
      for (const item of this.#needed) this.#shown.add(item);
      for (const tick of selectAll("input", this.#box, HTMLInputElement)) tick.checked = true;
      this.#paintButton();
      this.#onChange();
      this.#onAll();
    };
    const attributes = { class: "button button--lane ticks__all", type: "button", hidden: !this.unticked, click };
    return make("button", { ...attributes, "aria-label": text("all_shown") }, icon("go"), text("all"));
  }

  #paintButton() {
    const button = this.#box.querySelector("button");
    if (button) button.hidden = !this.unticked;
  }
}
