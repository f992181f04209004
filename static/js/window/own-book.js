// Whether the collector is one of the holders, whose own book is then taken as their own and names them. Where a car brings
// books in several classes, each row can choose its own.

import { make } from "../lib/dom.js";
import { text } from "../lib/messages.js";

const MOST_HOLDERS = 6; // more are the books of a group, whose collector is none of them

export class OwnBook {
  #person;
  #perBook;
  #capacities;
  #isWanted = false;
  #isPerBook = false;

  /**
   * @param {{person: HTMLSelectElement, perBook: HTMLButtonElement}} controls
   * @param {import("./capacities.js").Capacities} capacities
   * @param {() => void} onChange
   */
  constructor({ person, perBook }, capacities, onChange) {
    this.#person = person;
    this.#perBook = perBook;
    this.#capacities = capacities;
    const { holders } = capacities;
    const known = holders.length <= MOST_HOLDERS ? holders : [];
    person.replaceChildren(
      make("option", { value: "" }, text("somebody_else")),
      ...known.map(({ holder, name }) => make("option", { value: holder }, name)),
    );
    person.addEventListener("change", () => {
      capacities.setOwn(person.value ? Number(person.value) : null);
      onChange();
    });
    perBook.addEventListener("click", () => {
      this.#isPerBook = !this.#isPerBook;
      if (!this.#isPerBook) capacities.forget();
      onChange();
    });
  }

  /** Whether each row shows its own choice of class. */
  get isPerBook() {
    return this.#isPerBook && this.#isWanted;
  }

  /** Offer it beside a class for books of others. @param {boolean} isOther */
  offer(isOther) {
    const { holders, own } = this.#capacities;
    this.#isWanted = isOther && holders.length > 1;
    this.#perBook.hidden = !this.#isWanted;
    this.#perBook.setAttribute("aria-pressed", String(this.#isPerBook));
    /** @type {HTMLElement} */ (this.#person.parentElement).hidden = !this.#isWanted || this.#person.length < 2;
    this.#person.value = String(own?.holder ?? "");
  }
}
