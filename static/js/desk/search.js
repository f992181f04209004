// Finding a book while typing: the answer to the newest query is shown, late answers to older ones are dropped.

import { byId, fieldOf, make, selectAll, state } from "../lib/dom.js";
import { NetworkLost, post } from "../lib/http.js";
import { text } from "../lib/messages.js";

const PAUSE_MS = 180; // after the last key a search is sent
const MAX_ROWS = 50; // of one answer
const PICKUP_CODE = /^SAB[0-9A-Z]{26}$/i; // opens a pickup: it stays neither in the box nor in the history
/** @type {Record<string, Tone>} */
const TONES = { ready: "go", held: "wait", overdue: "wait", collected: "neutral", cancelled: "stop" };
const IN_OFFICE = ["ready", "held", "overdue"];

export class BookSearch {
  #form = byId("find", HTMLFormElement);
  /** @type {HTMLInputElement} */
  #box = fieldOf(this.#form, "q");
  #results = byId("found");
  /** @type {number | undefined} */
  #timer;
  #newest = 0;
  /** @type {string | null} the query whose answer is shown */
  #shown = this.#box.value.trim();
  #isAsking = false;

  /** Search from now on as the box changes; the form is sent without a new page. */
  start() {
    this.#box.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#search(), PAUSE_MS);
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(this.#timer);
      if (!this.#open()) this.#search();
    });
    for (const part of [this.#box, this.#results]) part.addEventListener("keydown", (event) => this.#move(event));
    this.#showAgain();
  }

  /** The links of the list, when it answers what is in the box. */
  get #hits() {
    const query = this.#box.value.trim();
    const isAnswer = query !== "" && query === this.#shown && !this.#isAsking;
    return isAnswer ? selectAll("tbody a", this.#results) : [];
  }

  /** Open the only hit, or go to the first one. Whether there was one: a list of an older query is never opened. */
  #open() {
    const [first, second] = this.#hits;
    if (first && !second) first.click();
    else first?.focus();
    return first !== undefined;
  }

  /** Arrow keys go from the box through the list and back. @param {KeyboardEvent} event */
  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const hits = this.#hits;
    if (!step || !hits.length) return;
    const places = [this.#box, ...hits];
    const next = places[places.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step];
    event.preventDefault();
    next?.focus();
  }

  /** Back from a book: the query and its list are there again. The history keeps it, because a name is not for an address. */
  #showAgain() {
    const kept = history.state?.query;
    if (!kept || this.#box.value.trim()) return;
    this.#box.value = kept;
    this.#search();
  }

  /** Search for what a scanner has typed anywhere on the page. @param {string} code */
  find(code) {
    this.#box.value = code;
    clearTimeout(this.#timer);
    this.#search();
  }

  /** A passport was swiped in vain: nothing was asked. @param {string} sentence */
  refuse(sentence) {
    clearTimeout(this.#timer);
    this.#newest++;
    this.#isAsking = false;
    this.#box.value = "";
    this.#shown = "";
    this.#results.replaceChildren(make("p", {}, state("wait", sentence)));
  }

  async #search() {
    const query = this.#box.value.trim();
    if (query === this.#shown) return;
    const isCode = PICKUP_CODE.test(query);
    this.#shown = isCode ? "" : query;
    history.replaceState({ ...history.state, query: this.#shown }, "");
    if (isCode) this.#box.value = "";
    const turn = ++this.#newest;
    this.#isAsking = query !== "";
    if (!query) return this.#results.replaceChildren();
    try {
      const { ok, body } = await post("/api/v1/passports/search", { q: query });
      if (turn !== this.#newest) return; // a newer query is on its way
      this.#isAsking = false;
      const problem = body?.error?.message ?? text("lost");
      this.#results.replaceChildren(ok ? results(body.passports) : make("p", {}, problem));
    } catch (error) {
      if (!(error instanceof NetworkLost)) throw error;
      if (turn === this.#newest) this.#isAsking = false;
      this.#shown = null;
      this.#results.replaceChildren(make("p", {}, text("lost")));
    }
  }
}

/** @param {FoundBook[]} books */
function results(books) {
  if (!books.length) return make("p", {}, text("none"));
  const caption = books.length >= MAX_ROWS ? text("many") : text("found", { n: books.length });
  const table = make(
    "table",
    { class: "table table--stacked found" },
    make("caption", {}, caption),
    head("holder", "shelf", "state", "last"),
    make("tbody", {}, ...books.map(row)),
  );
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table);
}

/** @param {FoundBook} book */
function row(book) {
  const isInOffice = IN_OFFICE.includes(book.status);
  const end = text("application", { end: book.application_no.slice(-4) });
  const name = make("a", { href: `/desk/books/${book.passport_id}` }, book.holder_name);
  return make(
    "tr",
    {},
    make("td", {}, make("b", {}, name), make("span", { class: "meta num" }, end)),
    make("td", { class: "num" }, isInOffice ? book.shelf || text("noshelf") : "–"),
    make("td", {}, state(TONES[book.status], text(book.status))),
    make("td", { class: "num" }, isInOffice ? book.deadline.split("-").reverse().join("-") : "–"),
  );
}

/** @param {...string} keys */
function head(...keys) {
  return make("thead", {}, make("tr", {}, ...keys.map((key) => make("th", { scope: "col" }, text(key)))));
}
