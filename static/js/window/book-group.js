// The books of one code in the ledger: a heading with its count and what can be done with all of them, then a row per book.

import { pickBadge } from "../lane/labels.js";
import { icon, make, state } from "../lib/dom.js";
import { kindTag } from "../lib/kind-label.js";
import { count, text } from "../lib/messages.js";
import { collected, mayGo, statusOf, TONES } from "./status.js";

/**
 * `n`: which code of how many (`of`); `rows`: [[book, its number in the visit], …] to show. `isChosen(book)`, `locked`,
 * `lane`; `onToggle(book, bool)`, `onOnly(books)`, `onTakeOut(pickupId, books)`.
 */
export function groupBody(books, { n, of, rows, ...more }) {
  const shown = rows.map((one) => row(...one, more));
  return make("tbody", { "data-pickup": books[0].pickup_id }, of > 1 && heading(books, n, more), ...shown);
}

function heading(books, n, { locked, onOnly, onTakeOut }) {
  const gone = collected(books);
  const ready = books.filter((book) => statusOf(book, locked) === "ok");
  const words = [text("code_heading", { n, books: count("books", books.length) }), gone && count("gone", gone)];
  const named = (key) => [text(key), make("span", { class: "visually-hidden" }, ` ${text("code_no", { n })}`)];
  const takeOut = () => onTakeOut(books[0].pickup_id, books);
  return make(
    "tr",
    { class: "ledger__group" },
    make(
      "th",
      { colspan: 5, scope: "rowgroup" },
      make(
        "div",
        { class: "row row--apart" },
        make("span", { class: "ledger__code" }, icon("group"), words.filter(Boolean).join(" · ")),
        make(
          "span",
          { class: "row" },
          ready.length > 0 && act("only", "group", named("only_group"), () => onOnly(ready)),
          gone === 0 && act("take-out", "close", named("take_out"), takeOut, true),
        ),
      ),
    ),
  );
}

function act(name, mark, words, click, isWriting = false) {
  return make(
    "button",
    { class: "button button--lane", type: "button", "data-group-act": name, "data-writes": isWriting, click },
    icon(mark),
    make("span", {}, ...words),
  );
}

function row(book, n, { isChosen, locked, lane, onToggle }) {
  const status = statusOf(book, locked);
  const isHere = status !== "collected";
  return make(
    "tr",
    { "data-passport": book.passport_id, "data-status": status, "data-pick": book.pick },
    make("td", { class: "ledger__no num" }, n),
    make(
      "td",
      { class: "ledger__who" },
      book.holder_name,
      kindTag(book),
      make("small", {}, text(`proof_${book.identity.replace("+", "_")}`)),
    ),
    make("td", { class: "ledger__shelf num" }, make("span", {}, book.shelf), isHere && pickBadge(book, lane)),
    make("td", {}, state(TONES[status] ?? "neutral", text(`status_${status}`))),
    make("td", {}, mayGo(book, locked) && tick(book, isChosen(book), onToggle), advice(status)),
  );
}

function tick(book, isChosen, onToggle) {
  const whose = make("span", { class: "visually-hidden" }, ` ${text("hand_over_whose", { name: book.holder_name })}`);
  const change = ({ target }) => onToggle(book, target.checked);
  return make(
    "label",
    { class: "tick" },
    make("input", { type: "checkbox", checked: isChosen, "data-tick": book.passport_id, change }),
    text("hand_over"),
    whose,
  );
}

function advice(status) {
  const isToldWhat = ["held", "overdue", "cancelled", "locked"].includes(status);
  return isToldWhat && make("span", { class: "ledger__do" }, text(`do_${status}`));
}
