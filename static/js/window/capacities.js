// In which class the collector takes each book: the class that is chosen for all, one chosen for this book, or "self" for every
// book of the holder who is the collector. The server refuses what cannot be true.

/** @typedef {{holder: number, name: string}} Holder */

export class Capacities {
  #books;
  /** @type {Set<number>} by passport_id: books that stay behind this time */
  #leftOut = new Set();
  /** @type {number | null} the holder who is the collector, beside books of others */
  #own = null;
  /** @type {Map<number, CollectorClass>} by passport_id */
  #chosen = new Map();

  /** @param {Book[]} books of the form */
  constructor(books) {
    this.#books = books;
  }

  /** Everybody whose books are in the form, once. @returns {Holder[]} */
  get holders() {
    /** @type {Map<number, string>} a name may be spelled in two ways: the first counts, as in the register */
    const names = new Map();
    for (const book of this.#books) if (!names.has(holderOf(book))) names.set(holderOf(book), book.holder_name);
    return [...names].map(([holder, name]) => ({ holder, name }));
  }

  /** Those of them whose books are handed over this time. @returns {Holder[]} */
  get present() {
    const present = new Set(this.#taken.map(holderOf));
    return this.holders.filter(({ holder }) => present.has(holder));
  }

  /** The holder who is the collector, or null. */
  get own() {
    return this.holders.find(({ holder }) => holder === this.#own) ?? null;
  }

  /** Whether a row may differ from the class that is chosen for all. */
  get isMixed() {
    return this.#own !== null || this.#chosen.size > 0;
  }

  /** These books stay behind this time. @param {number[]} passportIds */
  leaveOut(passportIds) {
    this.#leftOut = new Set(passportIds);
  }

  /** @param {number | null} holder the collector from now on; null: none of the holders */
  setOwn(holder) {
    this.#own = holder;
  }

  /**
   * @param {number} passportId
   * @param {CollectorClass} kind "self" makes the holder of this book the collector
   */
  choose(passportId, kind) {
    const holder = this.#holderOf(passportId);
    if (kind === "self") this.#own = holder;
    else if (holder === this.#own) this.#own = null;
    if (kind === "self") this.#chosen.delete(passportId);
    else this.#chosen.set(passportId, kind);
  }

  /** A class for all is chosen: choices of single books made for another one end. */
  forget() {
    this.#chosen.clear();
  }

  /**
   * @param {number} passportId
   * @param {CollectorClass} general chosen for all
   * @returns {CollectorClass}
   */
  classOf(passportId, general) {
    const isOwn = this.#own !== null && this.#holderOf(passportId) === this.#own;
    return isOwn ? "self" : (this.#chosen.get(passportId) ?? general);
  }

  /** The classes in use, each once. @param {CollectorClass} general @returns {CollectorClass[]} */
  inUse(general) {
    return [...new Set(this.#taken.map((book) => this.classOf(book.passport_id, general)))];
  }

  /** @returns {CapacitiesDraft} */
  draft() {
    return { own: this.#own, chosen: Object.fromEntries(this.#chosen) };
  }

  /** @param {CapacitiesDraft} draft */
  restore({ own, chosen }) {
    this.#own = this.holders.some(({ holder }) => holder === own) ? own : null;
    this.#chosen = new Map(Object.entries(chosen).map(([id, kind]) => [Number(id), kind]));
  }

  get #taken() {
    return this.#books.filter(({ passport_id: id }) => !this.#leftOut.has(id));
  }

  /** @param {number} passportId */
  #holderOf(passportId) {
    const book = this.#books.find(({ passport_id: id }) => id === passportId);
    return book ? holderOf(book) : null;
  }
}

/** @param {Book} book */
const holderOf = (book) => book.holder ?? -book.passport_id;
