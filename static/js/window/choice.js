// Which books are handed over this time, and which rows are looked at. It outlives a fresh card of the visit: what was
// chosen stays chosen, a book that came with a further code is chosen, one that is not ready or not found is not.

import { mayGo, statusOf } from "./status.js";

/** `locked`: ids of pickups that a supervisor must open first. */
export class Choice {
  ids = new Set();
  known = new Set();
  missing = new Set(); // books that nobody finds; found again, they are chosen by hand
  query = "";
  filter = "all";

  learn(visit, locked) {
    for (const book of visit.passports) {
      const { passport_id: id } = book;
      const isMissing = book.pick === "missing";
      if (!this.known.has(id) && statusOf(book, locked) === "ok") this.ids.add(id);
      if (!mayGo(book, locked) || (isMissing && !this.missing.has(id))) this.ids.delete(id);
      this.known.add(id);
      if (isMissing) this.missing.add(id);
      else this.missing.delete(id);
    }
  }
  toggle(book, isSo) {
    if (isSo) this.ids.add(book.passport_id);
    else this.ids.delete(book.passport_id);
  }
  /** These and no others. */
  only(books) {
    this.ids = new Set(books.map(({ passport_id: id }) => id));
  }
  has = ({ passport_id: id }) => this.ids.has(id);

  /** Whether this row is looked at: `n` is its number in the visit. */
  shows(book, n, locked) {
    const isReady = statusOf(book, locked) === "ok";
    if (this.filter !== "all" && isReady !== (this.filter === "ready")) return false;
    const sought = this.query.trim().toLowerCase();
    return !sought || String(n) === sought || `${book.holder_name} ${book.shelf}`.toLowerCase().includes(sought);
  }
}
