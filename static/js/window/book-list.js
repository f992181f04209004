// The visit before the handover: every book with its shelf, its place and its state, and which are handed over this time.
// A vehicle with many books has search, filters and one tap per group. A fresh card changes rows, never the choice.

import { copyOf, select, selectAll, slots, state } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { groupBody } from "./book-group.js";
import { countCollected, groupByPickup, statusOf } from "./status.js";

const MANY = 8; // books; from here on they can be searched

/** @typedef {import("./choice.js").Choice} Choice */
/**
 * @typedef {object} ListOptions
 * @property {Choice} choice
 * @property {number} collector which collector of this vehicle comes now: 1, 2, …
 * @property {number} lane
 * @property {(books: Book[]) => void} onStart
 * @property {() => void} onAddCode
 * @property {(pickupId: number, books: Book[]) => void} onTakeOut
 * @property {(book: Book) => void} onUnlock
 */

export class BookList {
  element = copyOf("window-visit");
  #slot = slots(this.element);
  #table = select("table", this.element);
  #visit;
  #options;
  #isLost = false;

  /**
   * @param {Visit} visit
   * @param {ListOptions} options
   */
  constructor(visit, options) {
    this.#visit = visit;
    this.#options = options;
    this.#listen();
    this.#draw();
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    this.#label();
  }

  /** A fresh card of the visit. @param {Visit} visit */
  update(visit) {
    this.#visit = visit;
    this.#draw();
  }

  get #ready() {
    return this.#visit.passports.filter((book) => statusOf(book) === "ok");
  }

  get #chosen() {
    return this.#options.choice.of(this.#visit);
  }

  #listen() {
    const { choice, onStart, onAddCode } = this.#options;
    const { search, toggle, start, add } = this.#slot;
    search.value = choice.query;
    search.addEventListener("input", () => {
      choice.query = search.value;
      this.#draw();
    });
    for (const radio of selectAll("[name=filter]", this.element, HTMLInputElement)) {
      radio.checked = radio.value === choice.filter;
      radio.addEventListener("change", () => {
        choice.filter = radio.value;
        this.#draw();
      });
    }
    toggle.addEventListener("click", () => this.#chooseOnly(this.#chosen.length ? [] : this.#ready));
    start.addEventListener("click", () => onStart(this.#chosen));
    add.addEventListener("click", onAddCode);
  }

  #draw() {
    this.#options.choice.learn(this.#visit);
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLElement ? activeElement.dataset.tick : undefined;
    const groups = groupByPickup(this.#visit.passports);
    for (const body of selectAll("tbody", this.#table)) body.remove();
    this.#table.append(...this.#bodies(groups));
    this.#slot.nothing.hidden = this.#table.querySelector("[data-passport]") !== null;
    if (focused) /** @type {HTMLElement | null} */ (this.#table.querySelector(`[data-tick="${focused}"]`))?.focus();
    this.#drawHead(groups.length);
    this.#label();
  }

  /** @param {Book[][]} groups */
  #bodies(groups) {
    const { choice, lane, onTakeOut, onUnlock } = this.#options;
    const options = {
      isChosen: (/** @type {Book} */ book) => choice.has(book),
      lane,
      onToggle: (/** @type {Book} */ book, /** @type {boolean} */ isChosen) => {
        choice.toggle(book, isChosen);
        this.#label();
      },
      onOnly: (/** @type {Book[]} */ books) => this.#chooseOnly(books),
      onTakeOut,
      onUnlock,
    };
    const numbers = new Map(this.#visit.passports.map((book, i) => [book, i + 1]));
    return groups.map((books, i) => {
      const numbered = books.map((book) => /** @type {[Book, number]} */ ([book, numbers.get(book)]));
      const rows = numbered.filter(([book, n]) => choice.shows(book, n));
      return groupBody(books, { n: i + 1, of: groups.length, rows }, options);
    });
  }

  /** @param {number} codes */
  #drawHead(codes) {
    const slot = this.#slot;
    const all = this.#visit.passports.length;
    const ready = this.#ready.length;
    const collected = countCollected(this.#visit.passports);
    const books = count("books", all);
    slot.title.textContent = codes > 1 ? text("of_codes", { books, n: codes }) : books;
    slot.ready.replaceChildren(state(ready ? "go" : "wait", text("ready", { n: ready })));
    slot.progress.hidden = all < 2 || collected === 0;
    select("[data-word]", slot.progress).textContent = text("handed_over", { n: collected, all });
    Object.assign(select("progress", slot.progress), { max: all, value: collected });
    slot.tools.hidden = all < MANY;
    this.#table.classList.toggle("ledger--many", all >= MANY);
    for (const [name, n] of Object.entries({ all, ready, rest: all - ready }))
      select(`[data-count=${name}]`, slot.tools).textContent = String(n);
  }

  #label() {
    const { start, advice, toggle } = this.#slot;
    const chosen = this.#chosen.length;
    start.disabled = this.#isLost || chosen === 0;
    select("[data-word]", start).textContent = chosen ? count("start", chosen) : text("start_none");
    advice.textContent = this.#advice(chosen);
    toggle.textContent = text(chosen ? "choose_none" : "choose_all");
  }

  /** @param {number} chosen */
  #advice(chosen) {
    const { collector } = this.#options;
    const ready = this.#ready.length;
    if (collector > 1 && ready) return text("next_collector", { n: collector });
    return chosen || ready ? count("take_books", chosen || ready) : text("nothing_ready");
  }

  /** @param {Book[]} books */
  #chooseOnly(books) {
    this.#options.choice.only(books);
    this.#draw();
  }
}
