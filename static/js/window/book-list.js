// The visit before the handover: every book with its shelf, where it is and its state, and which are handed over this time.
// A car with many books has search, filters and one tap per group; a fresh card changes rows, never what was chosen.

import { copyOf, slots, state } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { groupBody } from "./book-group.js";
import { collected, grouped, statusOf } from "./status.js";

const MANY = 8; // books; from here on they are searched

/**
 * `choice`: what is chosen; `locked`: ids of pickups that a supervisor must open first; `collector`: which one of this car
 * comes now (1, 2, …). `onStart(books)`, `onAddCode()`, `onTakeOut(pickupId, books)`.
 * Returns {element, lost(bool), update(visit)}.
 */
export function ledgerPane(visit, { choice, locked, collector, lane, onStart, onAddCode, onTakeOut }) {
  const element = copyOf("window-visit");
  const slot = slots(element);
  const table = element.querySelector("table");
  let isLost = false;

  const wanted = { isChosen: choice.has, locked, lane, onToggle, onOnly, onTakeOut };
  const ready = () => visit.passports.filter((book) => statusOf(book, locked) === "ok");
  const chosen = () => visit.passports.filter(choice.has);

  function draw() {
    choice.learn(visit, locked);
    const focused = document.activeElement?.dataset?.tick;
    const numbered = new Map(visit.passports.map((book, i) => [book, i + 1]));
    const groups = grouped(visit.passports);
    for (const body of table.querySelectorAll("tbody")) body.remove();
    const bodies = groups.map((books, i) => {
      const rows = books.map((book) => [book, numbered.get(book)]).filter((one) => choice.shows(...one, locked));
      return groupBody(books, { n: i + 1, of: groups.length, rows, ...wanted });
    });
    table.append(...bodies);
    slot.nothing.hidden = table.querySelector("[data-passport]") !== null;
    if (focused) table.querySelector(`[data-tick="${focused}"]`)?.focus();
    head(groups.length);
    label();
  }
  function head(codes) {
    const books = visit.passports;
    const [all, gone] = [books.length, collected(books)];
    const counted = count("books", all);
    slot.title.textContent = codes > 1 ? text("of_codes", { books: counted, n: codes }) : counted;
    slot.ready.replaceChildren(state(ready().length ? "go" : "wait", text("ready", { n: ready().length })));
    slot.progress.hidden = all < 2 || gone === 0;
    slot.progress.querySelector("[data-word]").textContent = text("handed_over", { n: gone, all });
    Object.assign(slot.progress.querySelector("progress"), { max: all, value: gone });
    slot.tools.hidden = all < MANY;
    table.classList.toggle("ledger--many", all >= MANY);
    const counts = { all, ready: ready().length, rest: all - ready().length };
    for (const [name, n] of Object.entries(counts)) slot.tools.querySelector(`[data-count=${name}]`).textContent = n;
  }
  function label() {
    const n = chosen().length;
    slot.start.disabled = isLost || n === 0;
    slot.start.querySelector("[data-word]").textContent = n ? count("start", n) : text("start_none");
    const next = collector > 1 && ready().length > 0;
    slot.advice.textContent = next
      ? text("next_collector", { n: collector })
      : n || ready().length
        ? count("take_books", n || ready().length)
        : text("nothing_ready");
    slot.toggle.textContent = text(n ? "choose_none" : "choose_all");
  }
  function onToggle(book, isSo) {
    choice.toggle(book, isSo);
    label();
  }
  function onOnly(books) {
    choice.only(books);
    draw();
  }

  slot.search.value = choice.query;
  slot.search.addEventListener("input", () => {
    choice.query = slot.search.value;
    draw();
  });
  for (const radio of element.querySelectorAll("[name=filter]")) {
    radio.checked = radio.value === choice.filter;
    radio.addEventListener("change", () => {
      choice.filter = radio.value;
      draw();
    });
  }
  slot.toggle.addEventListener("click", () => onOnly(chosen().length ? [] : ready()));
  slot.start.addEventListener("click", () => onStart(chosen()));
  slot.add.addEventListener("click", onAddCode);
  draw();

  return {
    element,
    lost(isSo) {
      isLost = isSo;
      label();
    },
    update(card) {
      visit = card;
      draw();
    },
  };
}
