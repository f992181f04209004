// One book of the form: the holder's identity from the card in hand, the number from the book in hand, and the server's
// result beside them. A field is checked when it is left, never while its first keys are typed.

import { copyOf, icon, make, slots, state } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { bookNumber, dashed, isoDate, last4, nikLast4 } from "../lib/parse-input.js";
import { play } from "../lib/sounds.js";
import { RowChecks } from "./checks.js";
import { againButton, describeFields, markResult, showProof, wrong } from "./row-fields.js";

const PAUSE_MS = 500; // a complete book number is checked after this: a wrong one costs no try
const NEXT_MS = 400; // after the fourth digit of the NIK: who types all sixteen is not interrupted

/** @typedef {import("./checks.js").Part} Part */
/** @typedef {import("./checks.js").Result} Result */
/** @typedef {Record<string, any>} Fields the inputs and texts of the row, by slot */
/**
 * @typedef {object} RowOptions
 * @property {number} visitId
 * @property {() => void} onChange after every change of a result
 * @property {(input: HTMLInputElement) => void} onWhole the last digits of the NIK are typed: the next field may come
 * @property {(kind: CollectorClass) => void} onClass the collector takes this book in another class
 * @property {(error: ApiError, book: Book) => void} onStop the form cannot go on
 */

/** @type {Part[]} */
const PARTS = ["identity", "book"];

export class BookRow {
  element = copyOf("window-row");
  #field = slots(this.element);
  #book;
  #onChange;
  #onWhole;
  #checks;
  #proof;
  /** @type {Record<Part, Result>} */
  #results = { identity: null, book: null };
  /** @type {Record<Part, HTMLInputElement[]>} */
  #inputs = { identity: [this.#field.identity, this.#field.document], book: [this.#field.book] };
  /** @type {number | undefined} */
  #pause;

  /**
   * @param {Book} book
   * @param {RowOptions} options
   */
  constructor(book, { visitId, onChange, onWhole, onClass, onStop }) {
    this.#book = book;
    this.#onChange = onChange;
    this.#onWhole = onWhole;
    this.#proof = book.identity;
    this.#checks = new RowChecks({
      visitId,
      passportId: book.passport_id,
      inputOf: (part) => this.#inputOf(part),
      onResult: (part, result, isNew) => this.#setResult(part, result, isNew),
      onStop: (error) => onStop(error, book),
    });
    describeFields(this.element, this.#field, book);
    this.#setProof(book.identity);
    this.#listen();
    const choice = this.#field.capacity;
    // Before "change": on every input the band paints the row again.
    choice.addEventListener("input", () => onClass(/** @type {CollectorClass} */ (choice.value)));
  }

  get passportId() {
    return this.#book.passport_id;
  }

  isMatched() {
    return PARTS.every((part) => this.#results[part] === "match");
  }

  /** What the collector's text says of this book. */
  get signed() {
    const number = /** @type {string | null} */ (this.#inputOf("book")) ?? "";
    return { holder: this.#book.holder_name, number };
  }

  get needsIdentity() {
    return this.#results.identity !== "match" && !this.#isWhole("identity");
  }

  isEmpty() {
    return !this.#field.book.value;
  }

  /** Whether this is the field of the book's number. @param {Element | null} element */
  owns(element) {
    return element === this.#field.book;
  }

  /** The cursor waits for the first digits. */
  begin() {
    this.#field.identity.focus();
  }

  value() {
    return {
      passport_id: this.#book.passport_id,
      book: /** @type {string | null} */ (this.#inputOf("book")),
      identity: /** @type {object | null} */ (this.#inputOf("identity")),
    };
  }

  /** What was typed, and what is known of it: enough to go on with the row later. @returns {RowDraft} */
  draft() {
    const { identity, document, book } = this.#field;
    const typed = { proof: this.#proof, identity: identity.value, document: document.value, book: book.value };
    return {
      ...typed,
      matched: this.#with("match"),
      missed: this.#with("mismatch"),
      triesLeft: this.#checks.triesLeft,
    };
  }

  /** Go on with what was typed before. The handover checks everything again. @param {RowDraft} draft */
  restore({ proof, identity, document, book, matched, missed = [], triesLeft = null }) {
    this.#setProof(proof);
    Object.assign(this.#field.identity, { value: identity });
    Object.assign(this.#field.document, { value: document });
    Object.assign(this.#field.book, { value: book });
    for (const part of PARTS) {
      if (matched.includes(part)) this.#checks.trust(part);
      if (missed.includes(part)) this.#checks.distrust(part, triesLeft);
      this.#setResult(part, this.#checks.resultOf(part) ?? (this.#isWhole(part) ? "lost" : null));
    }
  }

  /**
   * In which class the collector takes this book: in words where rows differ, and as a list where each may choose.
   * @param {{kind: CollectorClass | null, isNamed: boolean, mayChoose: boolean}} capacity
   */
  showCapacity({ kind, isNamed, mayChoose }) {
    const { capacity: choice, class: word } = this.#field;
    choice.hidden = !mayChoose;
    if (kind && choice.value !== kind) choice.value = kind;
    word.textContent = kind && isNamed && !mayChoose ? text(`capacity_${kind}`) : "";
  }

  /** A scanned number of the book. @param {string} number */
  take(number) {
    this.#field.book.value = number;
    this.#field.book.focus();
    this.#checks.check("book");
  }

  /**
   * The handover itself found a mismatch.
   * @param {Part} part
   * @param {number} [triesLeft]
   */
  refuse(part, triesLeft) {
    this.#checks.refuse(part, triesLeft);
  }

  #listen() {
    const { identity, document, book, switch: toggle } = this.#field;
    identity.addEventListener("input", (/** @type {InputEvent} */ { inputType }) => {
      if (this.#proof !== "nik") identity.value = dashed(identity.value, inputType?.startsWith("delete"));
      this.#onInput("identity");
    });
    document.addEventListener("input", () => this.#onInput("identity"));
    book.addEventListener("input", () => this.#onInput("book"));
    for (const part of PARTS)
      for (const input of this.#inputs[part]) input.addEventListener("change", () => this.#onLeave(part));
    toggle.addEventListener("click", () => {
      this.#setProof(this.#proof === "nik" ? "birth_date" : "nik");
      identity.focus();
    });
  }

  /** The input as the server takes it; null while incomplete. @param {Part} part */
  #inputOf(part) {
    if (part === "book") return bookNumber(this.#field.book.value)?.number ?? null;
    return identityOf(this.#proof, this.#field);
  }

  /** Whether something was typed that could be checked. @param {Part} part */
  #isWhole(part) {
    return part === "book" ? bookNumber(this.#field.book.value)?.isComplete : this.#inputOf(part) !== null;
  }

  /** @param {Result} result */
  #with(result) {
    return PARTS.filter((part) => this.#results[part] === result);
  }

  /** @param {Part} part */
  #onInput(part) {
    clearTimeout(this.#pause);
    if (part === "book" && this.#isWhole(part)) this.#pause = setTimeout(() => this.#checks.check("book"), PAUSE_MS);
    if (part === "identity" && this.#proof === "nik") this.#goOnSoon();
    this.#setResult(part, this.#inputOf(part) === null ? null : this.#checks.resultOf(part));
  }

  #goOnSoon() {
    const { identity } = this.#field;
    if (!/^\d{4}$/.test(identity.value)) return;
    this.#pause = setTimeout(() => document.activeElement === identity && this.#onWhole(identity), NEXT_MS);
  }

  /** @param {Part} part */
  #onLeave(part) {
    clearTimeout(this.#pause);
    const { identity } = this.#field;
    if (this.#proof === "nik") identity.value = nikLast4(identity.value) ?? identity.value; // a whole NIK has no room
    const isFilled = this.#inputs[part].every((input) => input.hidden || input.value.trim());
    if (this.#inputOf(part) !== null) this.#checks.check(part);
    else if (isFilled) this.#setResult(part, "short");
  }

  /** @param {string} proof nik, birth_date or birth_date+document */
  #setProof(proof) {
    this.#proof = proof;
    this.#results.identity = null;
    showProof(this.#book, proof, this.#field);
    this.#paint();
  }

  /**
   * @param {Part} part
   * @param {Result} result
   */
  #setResult(part, result, isNew = false) {
    if (isNew && result === "mismatch") play("stop");
    this.#results[part] = result;
    this.#paint();
    if (isNew && result === "mismatch" && part === "identity") this.#bringBack();
  }

  /** The officer has gone on, but the card must be read again. Keys that are under way stay where they are. */
  #bringBack() {
    const { activeElement } = document;
    if (activeElement instanceof HTMLInputElement && activeElement.value) return;
    this.#field.identity.focus();
    this.#field.identity.select();
  }

  #paint() {
    for (const part of PARTS) for (const input of this.#inputs[part]) markResult(input, this.#results[part]);
    this.#field.result.replaceChildren(...this.#summary());
    this.#onChange();
  }

  /** What is shown beside the row: the most serious result first. */
  #summary() {
    const results = Object.values(this.#results);
    if (this.#results.identity === "mismatch") return [wrong(count("mismatch_identity", this.#checks.triesLeft))];
    if (this.#results.book === "mismatch") return [wrong(count("mismatch_book", this.#checks.triesLeft))];
    if (results.includes("asking")) return [make("span", { class: "state" }, icon("check"), text("asking"))];
    const [lost] = this.#with("lost");
    if (lost) return [wrong(text("unanswered_row")), againButton(() => this.#checks.check(lost))];
    const [short] = this.#with("short");
    if (short) return [wrong(text(shortKey(short, this.#proof, this.#field)))];
    if (this.isMatched()) return [state("go", text("match"))];
    const [matched] = this.#with("match");
    return matched ? [state("go", text(`match_${matched}`))] : [];
  }
}

/**
 * @param {string} proof
 * @param {Fields} field
 */
function identityOf(proof, field) {
  if (proof === "nik") {
    const nik = nikLast4(field.identity.value);
    return nik && { nik_last4: nik };
  }
  const date = isoDate(field.identity.value);
  const birth = date && { birth_date: date };
  if (proof !== "birth_date+document") return birth;
  const number = last4(field.document.value);
  return birth && number && { ...birth, document_last4: number };
}

/**
 * @param {Part} part
 * @param {string} proof
 * @param {Fields} field
 */
function shortKey(part, proof, field) {
  if (part === "book") return "short_book";
  if (proof === "nik") return "short_nik";
  return isoDate(field.identity.value) ? "short_document" : "short_date";
}
