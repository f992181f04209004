// Which books are handed over this time, and which rows are shown. The choice outlives a fresh card of the visit: chosen
// books stay chosen, a book that came with a further code is chosen, one that is not ready or not found is not.

import { folded } from "../lib/invisible.js";
import { mayGo, statusOf } from "./status.js";

export class Choice {
  #ids = new Set();
  #known = new Set();
  #missing = new Set(); // books that nobody finds; once found, they are chosen by hand
  query = "";
  filter = "all";

  /** @param {Visit} visit */
  learn(visit) {
    for (const book of visit.passports) {
      const { passport_id: id } = book;
      const isMissing = book.pick === "missing";
      if (!this.#known.has(id) && statusOf(book) === "ok") this.#ids.add(id);
      if (!mayGo(book) || (isMissing && !this.#missing.has(id))) this.#ids.delete(id);
      this.#known.add(id);
      if (isMissing) this.#missing.add(id);
      else this.#missing.delete(id);
    }
  }

  /**
   * @param {Book} book
   * @param {boolean} isChosen
   */
  toggle(book, isChosen) {
    if (isChosen) this.#ids.add(book.passport_id);
    else this.#ids.delete(book.passport_id);
  }

  /** @param {number[]} passportIds */
  leaveOut(passportIds) {
    for (const id of passportIds) this.#ids.delete(id);
  }

  /** Choose this book, too. @param {Book} book */
  with(book) {
    this.toggle(book, true);
    return this;
  }

  /** Choose these books and no others. @param {Book[]} books */
  only(books) {
    this.#ids = new Set(books.map(({ passport_id: id }) => id));
  }

  /** The chosen books of the visit. @param {Visit} visit */
  of({ passports }) {
    return passports.filter((book) => this.has(book));
  }

  /**
   * Go on with a kept form: its books, and those that came with a further code since.
   * @param {FormDraft} draft
   * @param {Visit} visit
   */
  restore({ chosen, known, isOpen }, { passports }) {
    const isNew = (/** @type {number} */ id) => Boolean(known && !isOpen && !known.includes(id));
    this.only(
      passports.filter((book) => {
        const id = book.passport_id;
        return chosen.includes(id) ? mayGo(book) : isNew(id) && this.has(book);
      }),
    );
  }

  /** @param {Book} book */
  has({ passport_id: id }) {
    return this.#ids.has(id);
  }

  /**
   * Whether the row of this book is shown.
   * @param {Book} book
   * @param {number} n the number of the book in the visit
   */
  shows(book, n) {
    const isReady = statusOf(book) === "ok";
    if (this.filter !== "all" && isReady !== (this.filter === "ready")) return false;
    const query = folded(this.query);
    return !query || String(n) === query || folded(`${book.holder_name} ${book.shelf}`).includes(query);
  }
}
