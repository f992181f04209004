// Which books of one list are ticked. It outlives the rows; books that left the list are forgotten.

import { make } from "../lib/dom.js";
import { text } from "../lib/messages.js";

export class Ticks {
  /** `isOn`: new books come ticked (what one carries). `onChange()` after each tick. */
  constructor(onChange, isOn = false) {
    this.onChange = onChange;
    this.isOn = isOn;
    this.known = new Map(); // passport id -> is ticked
  }

  /** From now on these are the books of the list. */
  limit(ids) {
    this.known = new Map(ids.map((id) => [id, this.known.get(id) ?? this.isOn]));
  }

  get ids() {
    return [...this.known].filter(([, isTicked]) => isTicked).map(([id]) => id);
  }

  get areAll() {
    return this.known.size > 0 && this.ids.length === this.known.size;
  }

  box(book) {
    const label = text("book", { name: book.holder_name, shelf: book.shelf || text("noshelf") });
    const input = make("input", {
      type: "checkbox",
      name: "passport_id",
      value: book.passport_id,
      "aria-label": label,
      checked: this.known.get(book.passport_id) ?? this.isOn,
      change: ({ target }) => {
        this.known.set(book.passport_id, target.checked);
        this.onChange();
      },
    });
    return make("label", { class: "pick__tick" }, input);
  }

  /** Tick all or none, also the boxes that are shown under `root`. */
  setAll(isTicked, root) {
    for (const id of this.known.keys()) this.known.set(id, isTicked);
    for (const box of root.querySelectorAll(".pick__tick input")) box.checked = isTicked;
    this.onChange();
  }

  drop(ids, root) {
    for (const id of ids) {
      this.known.set(id, false);
      const box = root.querySelector(`.pick__tick input[value="${id}"]`);
      if (box) box.checked = false;
    }
    this.onChange();
  }
}
