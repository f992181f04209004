// The visit before the handover: every book with its shelf and state, and which of them are handed over this time.

import { copyOf, icon, make, slots, state } from "../lib/dom.js";
import { count, text } from "../lib/texts.js";

const TONES = { ok: "go", held: "wait", overdue: "wait", cancelled: "stop", collected: "neutral", locked: "stop" };

/**
 * `locked`: ids of pickups that a supervisor must open first. `onStart(books)`, `onAddCode()`.
 * Returns {element, lost(bool)}.
 */
export function ledgerPane(visit, { isSupervisor, locked, onStart, onAddCode }) {
  const element = copyOf("window-visit");
  const slot = slots(element);
  const chosen = new Set();
  let isLost = false;

  const statusOf = (book) => (book.status === "ok" && locked.has(book.pickup_id) ? "locked" : book.status);
  const mayGo = (book) => ["ok", "locked"].includes(statusOf(book)) || (statusOf(book) === "overdue" && isSupervisor);
  const ready = visit.passports.filter((book) => statusOf(book) === "ok");

  function row(book) {
    const status = statusOf(book);
    return make(
      "tr",
      { "data-passport": book.passport_id, "data-status": status },
      make(
        "td",
        { class: "ledger__who" },
        book.holder_name,
        make("small", {}, text(`proof_${book.identity.replace("+", "_")}`)),
      ),
      make("td", { class: "books__shelf num" }, book.shelf),
      make("td", {}, state(TONES[status] ?? "neutral", text(`status_${status}`))),
      make("td", {}, ...(mayGo(book) ? [tick(book)] : []), ...advice(status)),
    );
  }
  function tick(book) {
    const change = ({ target }) => {
      if (target.checked) chosen.add(book);
      else chosen.delete(book);
      label();
    };
    const whose = make("span", { class: "visually-hidden" }, ` ${text("hand_over_whose", { name: book.holder_name })}`);
    return make(
      "label",
      { class: "tick" },
      make("input", { type: "checkbox", checked: chosen.has(book), change }),
      text("hand_over"),
      whose,
    );
  }
  function label() {
    const n = chosen.size;
    slot.start.disabled = isLost || n === 0;
    slot.start.querySelector("[data-word]").textContent = n ? count("start", n) : text("start_none");
    slot.advice.textContent = n || ready.length ? count("take_books", n || ready.length) : text("nothing_ready");
  }

  for (const book of ready) chosen.add(book);
  const pickups = grouped(visit.passports);
  const books = count("books", visit.passports.length);
  slot.title.textContent = pickups.length > 1 ? text("of_codes", { books, n: pickups.length }) : books;
  slot.ready.append(state(ready.length ? "go" : "wait", text("ready", { n: ready.length })));
  const body = (group, n) => make("tbody", {}, pickups.length > 1 && heading(group, n + 1), ...group.map(row));
  element.querySelector("table").append(...pickups.map(body));
  slot.start.addEventListener("click", () => onStart(visit.passports.filter((book) => chosen.has(book))));
  slot.add.addEventListener("click", onAddCode);
  label();

  return {
    element,
    lost(isSo) {
      isLost = isSo;
      label();
    },
  };
}

/** Books by pickup, in the order in which the codes came. */
function grouped(books) {
  const groups = new Map(books.map(({ pickup_id: id }) => [id, []]));
  for (const book of books) groups.get(book.pickup_id).push(book);
  return [...groups.values()];
}

function heading(group, n) {
  const word = text("code_heading", { n, books: count("books", group.length) });
  return make(
    "tr",
    { class: "ledger__group" },
    make("th", { colspan: 4, scope: "rowgroup" }, icon("group"), make("span", {}, word)),
  );
}

function advice(status) {
  const isToldWhat = ["held", "overdue", "cancelled", "locked"].includes(status);
  return isToldWhat ? [make("span", { class: "ledger__do" }, text(`do_${status}`))] : [];
}
