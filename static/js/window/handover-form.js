// The handover form: who collects, identity and book per row, signature, confirmation. The hold button names what is still
// missing. The key of the record is made when the form opens.

import { copyOf, select, slots } from "../lib/dom.js";
import { HoldButton } from "../lib/hold-button.js";
import { count, text } from "../lib/messages.js";
import { bookNumber } from "../lib/parse-input.js";
import { BookRow } from "./book-row.js";
import { CollectorBand } from "./collector-band.js";
import { FieldSteps } from "./field-steps.js";
import { LeftOutRows } from "./left-out-rows.js";
import { SignatureBand } from "./signature-band.js";
import { signedText } from "./signed-text.js";
import { bookOf } from "./swiped-book.js";

const EARLY_MS = 2500; // how long the button says that it was released too early
const MANY = 4; // books; from here on the matching ones are counted

/** @typedef {import("./checks.js").Part} Part */
/**
 * @typedef {object} FormOptions
 * @property {WindowSettings} settings
 * @property {HandoverBody} [draft] an unanswered attempt, after a reload
 * @property {FormDraft | null} [kept] what was typed and signed before a step back, a reload or a new sign-in
 * @property {EarlierCollector | null} earlier who has collected books of this visit before
 * @property {(draft: Omit<FormDraft, "at">) => unknown} onKeep after each change
 * @property {(body: HandoverBody) => void} onConfirm the button was held
 * @property {(error: ApiError, book: Book) => void} onStop
 * @property {() => Promise<string | null>} askReason why there is no signature
 */

export class HandoverForm {
  element = copyOf("window-form");
  #slot = slots(this.element);
  #visit;
  #options;
  #key;
  #button;
  #confirm;
  #rows;
  #leftOut;
  #collector;
  #signature;
  #isLost = false;
  #isComplete = false; // every band is built
  #areAllMatched = false;

  /**
   * @param {Visit} visit
   * @param {Book[]} books to hand over
   * @param {FormOptions} options
   */
  constructor(visit, books, options) {
    const { settings, draft, kept, earlier, onConfirm, onStop, askReason } = options;
    this.#visit = visit;
    this.#options = options;
    this.#key = draft?.key ?? crypto.randomUUID();
    this.#button = select(".hold", this.element, HTMLButtonElement);
    this.#confirm = new HoldButton(this.#button, {
      words: { held: text("hold_held"), early: text("hold_early"), confirm: text("hold_confirm") },
      onEarly: (sentence) => this.#showEarly(sentence),
      onHeld: () => onConfirm(this.#body()),
    });
    const steps = new FieldSteps(this.element);
    this.#rows = books.map(
      (book) =>
        new BookRow(book, {
          visitId: visit.id,
          onChange: () => this.#label(),
          onWhole: (input) => steps.leave(input),
          onClass: (kind) => this.#collector.choose(book.passport_id, kind),
          onStop,
        }),
    );
    this.#leftOut = new LeftOutRows(this.#rows, {
      names: books.map(({ holder_name: name }) => name),
      leftOut: kept?.leftOut ?? [],
      onChange: () => this.#leaveOut(),
    });
    this.#collector = new CollectorBand(this.#band("collector"), {
      checklists: settings.checklists,
      isAllAtOnce: settings.evidence_at_once,
      books,
      leftOut: this.#leftOut.ids,
      draft: kept?.collector ?? draft?.collector,
      earlier,
      onChange: () => this.#changed(),
      onDone: () => this.#taken.find((row) => !row.isMatched())?.begin(),
    });
    this.#signature = new SignatureBand(this.#band("signature"), {
      isRequired: settings.signature_required,
      mayBeUnsigned: settings.may_be_unsigned,
      askReason,
      onChange: () => this.#changed(),
    });
    this.#build();
    if (kept) this.#restore(books, kept);
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    this.#label();
  }

  /** A supervisor permits the handover without a signature. @param {SupervisorCall} permit */
  permitUnsigned({ decided_by: name, decision_reason: reason }) {
    this.#signature.permit(text("permit_unsigned", { name, reason }));
  }

  /** Show the server's refusal in place; the focus goes to the first field that it is about. @param {ApiError} error */
  refuse({ message, fields = {}, tries_left: triesLeft }) {
    this.#slot.refusal.hidden = false;
    select("[data-word]", this.#slot.refusal).textContent = message ?? "";
    this.#collector.refuse(fields);
    this.#signature.refuse(fields.signature ?? "");
    for (const [n, row] of this.#taken.entries()) {
      for (const part of /** @type {Part[]} */ (["identity", "book"]))
        if (`passports.${n}.${part}` in fields) row.refuse(part, triesLeft);
    }
    const wrong = this.element.querySelector("[aria-invalid=true]") ?? this.#slot.refusal;
    wrong.focus();
    wrong.select?.(); // the next input replaces the value
  }

  /** A scanner sent this: the number of the book in the focused field, or in the first empty one. @param {string} code */
  take(code) {
    const found = bookNumber(code);
    const rows = this.#taken;
    const row = rows.find((row) => row.owns(document.activeElement)) ?? rows.find((row) => row.isEmpty());
    if (!found?.isComplete || !row) return false;
    this.#changed();
    row.take(found.number);
    return true;
  }

  /**
   * A swiped passport goes to the row of its holder, which comes back if it was left out; then the card is next.
   * @param {import("../lib/mrz.js").Zone} zone
   * @returns {string | null} the key of the sentence why it has no row
   */
  swipe(zone) {
    const { activeElement } = document;
    const rows = this.#rows.map((row) => ({
      row,
      name: row.signed.holder,
      isFocused: row.element.contains(activeElement),
    }));
    const found = bookOf(zone, rows);
    if (typeof found === "string") return found;
    this.#changed();
    this.#leftOut.bringBack(found.row);
    found.row.take(zone.number);
    [found.row, ...this.#taken].find((row) => row.needsIdentity)?.begin();
    return null;
  }

  /** The rows that are handed over this time. */
  get #taken() {
    return this.#rows.filter((row) => !this.#leftOut.has(row));
  }

  /** This book stays behind. @param {number} passportId */
  leaveOut(passportId) {
    this.#leftOut.leaveOut(passportId);
  }

  /** Whether another book goes than this one. @param {number} passportId */
  hasOthers(passportId) {
    return this.#taken.some((row) => row.passportId !== passportId);
  }

  /** @param {string} name */
  #band(name) {
    return select(`[data-band=${name}]`, this.element);
  }

  #build() {
    const books = this.#band("books");
    this.#slot.title.textContent = text("form_of", { no: this.#visit.queue_no });
    select("table", books).append(...this.#rows.map((row) => row.element));
    books.addEventListener("input", () => this.#changed());
    // Only a field: under a finger that presses a button or draws, nothing may move.
    books.addEventListener("focusin", ({ target }) => isField(target) && this.#collector.fold());
    this.#slot.progress.hidden = this.#rows.length < MANY;
    this.#isComplete = true;
    this.#signature.start();
  }

  /**
   * @param {Book[]} books
   * @param {FormDraft} kept
   */
  #restore(books, { rows, signature }) {
    for (const [n, book] of books.entries()) {
      const row = rows[book.passport_id];
      if (row) this.#rows[n].restore(row);
    }
    this.#signature.restore(signature);
  }

  /** Rows of books that are not in this form now keep what was typed for them. */
  #keep() {
    const typed = this.#rows.map((row) => [row.passportId, row.draft()]);
    const rows = { ...this.#options.kept?.rows, ...Object.fromEntries(typed) };
    const chosen = this.#rows.map((row) => row.passportId);
    const known = this.#visit.passports.map((book) => book.passport_id);
    const [leftOut, signature] = [this.#leftOut.ids, this.#signature.draft()];
    this.#options.onKeep({ isOpen: true, chosen, known, leftOut, collector: this.#collector.draft(), rows, signature });
  }

  #label() {
    if (!this.#isComplete) return;
    this.#keep();
    for (const row of this.#rows) row.showCapacity(this.#collector.capacity(row.passportId));
    const rows = this.#taken;
    const signed = rows.map((row) => row.signed);
    this.#signature.setText(signedText(this.#collector.name, signed));
    const all = rows.length;
    const matched = rows.filter((row) => row.isMatched()).length;
    const missing = [
      this.#collector.missing(),
      matched < all ? count("lacking_books", all - matched) : all ? null : text("lacking_rows"),
      this.#signature.missing(),
    ];
    if (all && matched === all && !this.#areAllMatched) this.#band("signature").scrollIntoView({ block: "nearest" });
    this.#areAllMatched = matched === all;
    this.#slot.matched.textContent = text("matched", { n: matched, all });
    Object.assign(this.#slot.bar, { max: all, value: matched });
    this.#button.disabled = this.#isLost || missing.some(Boolean);
    this.#confirm.setLabel(this.#labelFor(missing));
    if (this.#button.disabled) this.#confirm.reset();
    this.#slot.say.textContent = "";
  }

  /** @param {(string | null)[]} missing the sentence of each band, or null */
  #labelFor(missing) {
    if (this.#isLost) return text("hold_lost");
    const [what] = missing.filter(Boolean);
    const parts = missing.flatMap((sentence, i) => (sentence ? [String(i + 1)] : []));
    if (what) return text("lacking", { parts: listed(parts), what });
    return count(this.#confirm.isTwoStep ? "press" : "hold", this.#taken.length);
  }

  /** The input has changed: an earlier refusal no longer applies. */
  #changed() {
    this.#slot.refusal.hidden = true;
    this.#label();
  }

  #leaveOut() {
    this.#collector.leaveOut(this.#leftOut.ids);
    this.#changed();
  }

  /** @param {string} sentence */
  #showEarly(sentence) {
    this.#slot.say.textContent = sentence;
    this.#confirm.setLabel(sentence);
    setTimeout(() => this.#label(), EARLY_MS);
  }

  /** @returns {HandoverBody} */
  #body() {
    return {
      key: this.#key,
      visit_id: this.#visit.id,
      passports: this.#taken.map((row) => ({ ...row.value(), ...this.#collector.capacityValue(row.passportId) })),
      collector: this.#collector.value(),
      ...this.#signature.value(),
    };
  }
}

/** Whether something is typed there. @param {EventTarget | null} target */
const isField = (target) => target instanceof HTMLInputElement && target.type !== "checkbox";

/** @param {string[]} parts */
function listed(parts) {
  return new Intl.ListFormat(document.documentElement.lang, { style: "long", type: "conjunction" }).format(parts);
}
