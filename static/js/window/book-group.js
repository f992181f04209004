// The books of one code in the list: a heading with their number and what can be done with all of them, then one row each.

import { pickBadge } from "../lane/labels.js";
import { laneSettings } from "../lane/tablet-point.js";
import { icon, make, state } from "../lib/dom.js";
import { kindLabel } from "../lib/kind-label.js";
import { count, text } from "../lib/messages.js";
import { correctingLabel, countCollected, mayGo, statusOf, TONES } from "./status.js";

const WITH_ADVICE = ["held", "overdue", "cancelled", "locked"];

/**
 * @typedef {object} GroupOptions
 * @property {(book: Book) => boolean} isChosen
 * @property {number} lane
 * @property {(book: Book, isChosen: boolean) => void} onToggle
 * @property {(books: Book[]) => void} onOnly
 * @property {(pickupId: number, books: Book[]) => void} onTakeOut
 * @property {(book: Book) => void} onUnlock
 */

/**
 * `n`: which code this is, `of` how many; `rows`: the books to show, with their numbers in the visit; without
 * one there is no heading.
 * @param {Book[]} books
 * @param {{n: number, of: number, rows: [Book, number][]}} group
 * @param {GroupOptions} options
 */
export function groupBody(books, { n, of, rows }, options) {
  return make(
    "tbody",
    { "data-pickup": books[0].pickup_id },
    of > 1 && rows.length > 0 && heading(books, n, options),
    ...rows.map(([book, number]) => row(book, number, options)),
  );
}

/**
 * @param {Book[]} books
 * @param {number} n
 * @param {GroupOptions} options
 */
function heading(books, n, { onOnly, onTakeOut }) {
  const collected = countCollected(books);
  const ready = books.filter((book) => statusOf(book) === "ok");
  const words = [text("code_heading", { n, books: count("books", books.length) })];
  if (collected) words.push(count("gone", collected));
  const only = { act: "only", iconName: "group", key: "only_group", n };
  const takeOut = { act: "take-out", iconName: "close", key: "take_out", n, isWriting: true };
  return make(
    "tr",
    { class: "ledger__group" },
    make(
      "th",
      { colspan: 5, scope: "rowgroup" },
      make(
        "div",
        { class: "row row--apart" },
        make("span", { class: "ledger__code" }, icon("group"), words.join(" · ")),
        make(
          "span",
          { class: "row" },
          ready.length > 0 && groupButton(only, () => onOnly(ready)),
          collected === 0 && groupButton(takeOut, () => onTakeOut(books[0].pickup_id, books)),
        ),
      ),
    ),
  );
}

/**
 * @param {{act: string, iconName: string, key: string, n: number, isWriting?: boolean}} about
 * @param {() => void} click
 */
function groupButton({ act, iconName, key, n, isWriting = false }, click) {
  const whose = make("span", { class: "visually-hidden" }, ` ${text("code_no", { n })}`);
  return make(
    "button",
    { class: "button button--lane", type: "button", "data-group-act": act, "data-writes": isWriting, click },
    icon(iconName),
    make("span", {}, text(key), whose),
  );
}

/**
 * @param {Book} book
 * @param {number} n
 * @param {GroupOptions} options
 */
function row(book, n, { isChosen, lane, onToggle, onUnlock }) {
  const status = statusOf(book);
  return make(
    "tr",
    { "data-passport": book.passport_id, "data-status": status, "data-pick": book.pick },
    make("td", { class: "ledger__no num" }, n),
    make(
      "td",
      { class: "ledger__who" },
      book.holder_name,
      kindLabel(book),
      correctingLabel(book),
      make("small", {}, text(`proof_${book.identity.replace("+", "_")}`)),
    ),
    make(
      "td",
      { class: "ledger__shelf num" },
      make("span", {}, book.shelf),
      status !== "collected" && pickBadge(book, lane),
    ),
    make("td", {}, state(TONES[status] ?? "neutral", text(`status_${status}`))),
    make("td", {}, mayGo(book) && tick(book, isChosen(book), onToggle), advice(status), opener(book, onUnlock)),
  );
}

/**
 * @param {Book} book
 * @param {boolean} isChosen
 * @param {(book: Book, isChosen: boolean) => void} onToggle
 */
function tick(book, isChosen, onToggle) {
  const whose = make("span", { class: "visually-hidden" }, ` ${text("hand_over_whose", { name: book.holder_name })}`);
  const change = (/** @type {{target: HTMLInputElement}} */ { target }) => onToggle(book, target.checked);
  return make(
    "label",
    { class: "tick" },
    make("input", { type: "checkbox", checked: isChosen, "data-tick": book.passport_id, change }),
    text("hand_over"),
    whose,
  );
}

/**
 * A supervisor may unlock the book here.
 * @param {Book} book
 * @param {(book: Book) => void} onUnlock
 */
function opener(book, onUnlock) {
  if (statusOf(book) !== "locked" || !laneSettings().is_supervisor) return false;
  const whose = make("span", { class: "visually-hidden" }, ` ${book.holder_name}`);
  return make(
    "button",
    {
      class: "button button--lane",
      type: "button",
      "data-unlock": book.passport_id,
      "data-writes": true,
      click: () => onUnlock(book),
    },
    icon("lock"),
    make("span", {}, text("unlock"), whose),
  );
}

/** @param {string} status */
function advice(status) {
  return WITH_ADVICE.includes(status) && make("span", { class: "ledger__do" }, text(`do_${status}`));
}
