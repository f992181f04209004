// Which books of one list are ticked. The ticks outlive the rows; books that left the list are forgotten.

import { make, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";

export class TickList {
  #onChange;
  #isOn;
  /** @type {Map<number, boolean>} passport id -> is ticked */
  #ticks = new Map();

  /**
   * @param {() => void} onChange after each tick
   * @param {boolean} [isOn] new books come ticked (the books that a clerk carries)
   */
  constructor(onChange, isOn = false) {
    this.#onChange = onChange;
    this.#isOn = isOn;
  }

  /** From now on these are the books of the list. @param {number[]} ids */
  limit(ids) {
    this.#ticks = new Map(ids.map((id) => [id, this.#ticks.get(id) ?? this.#isOn]));
  }

  /** The ids of the ticked books. */
  get ids() {
    return [...this.#ticks].filter(([, isTicked]) => isTicked).map(([id]) => id);
  }

  get areAllTicked() {
    return this.#ticks.size > 0 && this.ids.length === this.#ticks.size;
  }

  /** @param {Book} book */
  has({ passport_id: id }) {
    return this.#ticks.get(id) ?? false;
  }

  /** The tick box of a book's row. @param {Book} book */
  box(book) {
    const { passport_id: id, holder_name: name, shelf } = book;
    const input = make("input", {
      type: "checkbox",
      name: "passport_id",
      value: id,
      "aria-label": text("book", { name, shelf: shelf || text("noshelf") }),
      checked: this.#ticks.get(id) ?? this.#isOn,
      change: ({ target }) => {
        this.#ticks.set(id, target.checked);
        this.#onChange();
      },
    });
    return make("label", { class: "pick__tick" }, input);
  }

  /**
   * Tick all or none, also the boxes that are shown under `root`.
   * @param {boolean} isTicked
   * @param {HTMLElement} root
   */
  setAll(isTicked, root) {
    for (const id of this.#ticks.keys()) this.#ticks.set(id, isTicked);
    for (const box of selectAll(".pick__tick input", root, HTMLInputElement)) box.checked = isTicked;
    this.#onChange();
  }

  /**
   * Tick these books, also the boxes under `root`.
   * @param {number[]} ids
   * @param {ParentNode} root
   */
  tick(ids, root) {
    this.#set(ids, true, root);
  }

  /**
   * Take the ticks of these books away, also from the boxes under `root`.
   * @param {number[]} ids
   * @param {HTMLElement} root
   */
  untick(ids, root) {
    this.#set(ids, false, root);
  }

  /**
   * @param {number[]} ids
   * @param {boolean} isTicked
   * @param {ParentNode} root
   */
  #set(ids, isTicked, root) {
    for (const id of ids) {
      this.#ticks.set(id, isTicked);
      for (const box of selectAll(`.pick__tick input[value="${id}"]`, root, HTMLInputElement)) box.checked = isTicked;
    }
    this.#onChange();
  }
}
