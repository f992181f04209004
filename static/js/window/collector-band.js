// Band 1: who collects, in which capacity, and which evidence they showed. The checklist of each class is the office's.

import { make, markWrong, select, selectAll, slots } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { AnnouncedCollectors } from "./announced-collectors.js";
import { last4 } from "./parse-input.js";

const OWN_CLASS = /^passports\.\d+\.class$/;

/**
 * @typedef {object} CollectorOptions
 * @property {Record<string, string[]>} checklists by class
 * @property {Book[]} books to hand over
 * @property {CollectorDraft | HandoverBody["collector"]} [draft] a collector to start from
 * @property {() => void} onChange
 */

export class CollectorBand {
  #section;
  #slot;
  #error;
  #options;
  #person;
  /** @type {Set<string>} */
  #shown;
  #announced;

  /**
   * @param {HTMLElement} section
   * @param {CollectorOptions} options
   */
  constructor(section, options) {
    this.#section = section;
    this.#options = options;
    this.#slot = slots(section);
    this.#error = select("#collector-error", section);
    this.#person = {
      name: select("#collector-name", section, HTMLInputElement),
      document: select("#collector-document", section, HTMLSelectElement),
      document_last4: select("#collector-last4", section, HTMLInputElement),
    };
    this.#shown = new Set(options.draft?.shown ?? []);
    this.#announced = new AnnouncedCollectors(this.#slot.announced, options.books, (name) => this.#useName(name));
    this.#barSelf();
    this.#listen();
    this.#fill();
    this.#paint();
  }

  /** The sentence of what is missing, or null. */
  missing() {
    if (!this.#class) return text("lacking_class");
    if (!this.#isPersonComplete()) return text("lacking_person");
    const unticked = this.#needed().filter((item) => !this.#shown.has(item)).length;
    return unticked ? count("lacking_shown", unticked) : null;
  }

  /** @returns {HandoverBody["collector"]} */
  value() {
    const collector = this.#class;
    const evidence = { class: collector, shown: this.#needed().filter((item) => this.#shown.has(item)) };
    if (collector === "self") return /** @type {HandoverBody["collector"]} */ (evidence);
    const { name, document, document_last4: number } = this.#person;
    const person = { name: name.value.trim(), document: document.value, document_last4: last4(number.value) };
    return /** @type {HandoverBody["collector"]} */ ({ ...evidence, ...person });
  }

  /** What was chosen and typed so far, also when it is incomplete. @returns {CollectorDraft} */
  draft() {
    const { name, document, document_last4: number } = this.#person;
    const typed = { name: name.value, document: document.value, document_last4: number.value };
    return { class: this.#class, shown: [...this.#shown], ...typed };
  }

  /** Mark what the server refuses: "shown", "collector.NAME", "passports.N.class". @param {ErrorFields} fields */
  refuse(fields) {
    const wrong = Object.entries(this.#person).filter(([name]) => `collector.${name}` in fields);
    for (const [, input] of wrong) markWrong(input, true);
    const missing = [fields.shown ?? []].flat();
    for (const tick of this.#ticks()) markTick(tick, missing.includes(tick.value));
    const isOfOthers = Object.keys(fields).some((place) => OWN_CLASS.test(place));
    const sentence = isOfOthers
      ? text("self_of_others")
      : wrong.length
        ? text("lacking_person")
        : fields.shown && count("lacking_shown", missing.length);
    this.#error.hidden = !sentence;
    select("[data-word]", this.#error).textContent = sentence || "";
  }

  /** @returns {CollectorClass | null} */
  get #class() {
    const [checked] = selectAll("[name=class]:checked", this.#section, HTMLInputElement);
    return /** @type {CollectorClass | undefined} */ (checked?.value) ?? null;
  }

  #needed() {
    return this.#options.checklists[this.#class ?? ""] ?? [];
  }

  #ticks() {
    return selectAll("input", this.#slot.shown, HTMLInputElement);
  }

  #isPersonComplete() {
    const { name, document_last4: number } = this.#person;
    return this.#class === "self" || Boolean(name.value.trim() && last4(number.value));
  }

  #listen() {
    for (const radio of selectAll("[name=class]", this.#section))
      radio.addEventListener("change", () => {
        this.#paint();
        this.#clear();
      });
    for (const input of Object.values(this.#person)) input.addEventListener("input", () => this.#clear());
  }

  /** Books of several holders have no applicant in common: "Pemohon" cannot be chosen, and the reason stands below. */
  #barSelf() {
    const { books } = this.#options;
    const isBarred = new Set(books.map((book) => book.holder ?? book.passport_id)).size > 1;
    select("[name=class][value=self]", this.#section, HTMLInputElement).disabled = isBarred;
    this.#slot.hint.hidden = !isBarred;
  }

  #fill() {
    const { draft } = this.#options;
    if (!draft) return;
    for (const radio of selectAll("[name=class]", this.#section, HTMLInputElement))
      radio.checked = radio.value === draft.class && !radio.disabled;
    this.#person.name.value = draft.name ?? this.#person.name.value;
    this.#person.document.value = draft.document ?? this.#person.document.value;
    this.#person.document_last4.value = draft.document_last4 ?? this.#person.document_last4.value;
  }

  #paint() {
    const collector = this.#class;
    const isOther = Boolean(collector) && collector !== "self";
    this.#slot.person.hidden = !isOther;
    this.#announced.offer(isOther);
    this.#slot.shown.replaceChildren(...this.#needed().map((item) => this.#tick(item)));
  }

  /** @param {string} item of the checklist */
  #tick(item) {
    const change = (/** @type {{target: HTMLInputElement}} */ { target }) => {
      if (target.checked) this.#shown.add(item);
      else this.#shown.delete(item);
      this.#clear();
    };
    const box = make("input", { type: "checkbox", value: item, checked: this.#shown.has(item), change });
    return make("label", { class: "tick" }, box, text(`shown_${item}`));
  }

  /** @param {string} name */
  #useName(name) {
    this.#person.name.value = name;
    this.#clear();
    this.#person.document_last4.focus();
  }

  #clear() {
    this.#error.hidden = true;
    for (const input of Object.values(this.#person)) markWrong(input, false);
    for (const tick of this.#ticks()) markTick(tick, false);
    this.#options.onChange();
  }
}

/**
 * A tick has no frame of its own: only screen readers get the mark.
 * @param {HTMLInputElement} tick
 * @param {boolean} isWrong
 */
function markTick(tick, isWrong) {
  if (isWrong) tick.setAttribute("aria-invalid", "true");
  else tick.removeAttribute("aria-invalid");
}
