// Band 1: who collects, in which class each book, and which evidence they showed. The checklist of each class is the office's.

import { markWrong, select, selectAll, slots } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { takeDigits } from "../lib/number-pad.js";
import { last4 } from "../lib/parse-input.js";
import { AnnouncedCollectors } from "./announced-collectors.js";
import { Capacities } from "./capacities.js";
import { offerCollector } from "./earlier-collector.js";
import { EvidenceTicks } from "./evidence-ticks.js";
import { OwnBook } from "./own-book.js";

const OWN_CLASS = /^passports\.\d+\.class$/;
const SHOWN = /^(passports\.\d+\.)?shown$/;

/**
 * @typedef {object} CollectorOptions
 * @property {Record<string, string[]>} checklists by class
 * @property {boolean} isAllAtOnce one touch may tick all evidence
 * @property {Book[]} books of the form
 * @property {number[]} leftOut books that stay behind this time, by passport_id
 * @property {CollectorDraft | HandoverBody["collector"]} [draft] a collector to start from
 * @property {EarlierCollector | null} earlier who has collected books of this visit before
 * @property {() => void} onChange
 * @property {() => void} onDone the last touch of the band was made
 */

export class CollectorBand {
  #section;
  #slot;
  #error;
  #options;
  #person;
  #typedName = ""; // before one of the holders was the collector
  #capacities;
  #own;
  #ticks;
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
    this.#capacities = new Capacities(options.books);
    this.#capacities.leaveOut(options.leftOut);
    const perBook = /** @type {HTMLButtonElement} */ (this.#slot.per_book);
    const person = select("#collector-person", section, HTMLSelectElement);
    this.#own = new OwnBook({ person, perBook }, this.#capacities, () => this.#changeClass());
    this.#ticks = new EvidenceTicks(this.#slot.shown, {
      shown: options.draft?.shown ?? [],
      isAllAtOnce: options.isAllAtOnce,
      onChange: () => this.#clear(),
      onAll: () => this.missing() || options.onDone(),
    });
    this.#announced = new AnnouncedCollectors(this.#slot.announced, options.books, (name) => this.#useName(name));
    offerCollector(this.#slot.earlier, options.earlier, (collector) => this.#useCollector(collector));
    this.#barSelf();
    takeDigits(this.#person.document_last4);
    this.#listen();
    this.#fill();
    this.#paint();
  }

  /** One line instead of the whole band, when nothing is missing: the officer goes on below. */
  fold() {
    if (this.missing() || !this.#slot.line.hidden) return;
    this.#slot.summary.textContent = this.#summary();
    this.#setFolded(true);
  }

  /** Books stay behind, or come back: others may be needed to collect the rest. @param {number[]} passportIds */
  leaveOut(passportIds) {
    this.#capacities.leaveOut(passportIds);
    this.#barSelf();
    this.#paint();
    if (this.missing()) this.#setFolded(false);
    else this.#slot.summary.textContent = this.#summary();
  }

  /** The sentence of what is missing, or null. */
  missing() {
    if (!this.#class) return text("lacking_class");
    if (!this.#isPersonComplete()) return text("lacking_person");
    const { unticked } = this.#ticks;
    return unticked ? count("lacking_shown", unticked) : null;
  }

  /** @returns {HandoverBody["collector"]} */
  value() {
    const collector = this.#class;
    const evidence = { class: collector, shown: this.#ticks.among(this.#checklist(collector)) };
    if (collector === "self") return /** @type {HandoverBody["collector"]} */ (evidence);
    const { name, document, document_last4: number } = this.#person;
    const person = { name: name.value.trim(), document: document.value, document_last4: last4(number.value) };
    return /** @type {HandoverBody["collector"]} */ ({ ...evidence, ...person });
  }

  /** The collector's name, as it is going to be recorded. */
  get name() {
    const { own, present } = this.#capacities;
    if (this.#class === "self") return present[0]?.name ?? "";
    return own?.name ?? this.#person.name.value.trim();
  }

  /** In which class this book is taken, and whether its row may choose another one. @param {number} passportId */
  capacity(passportId) {
    const general = this.#class;
    const kind = general && this.#capacities.classOf(passportId, general);
    return { kind, isNamed: this.#capacities.isMixed, mayChoose: this.#own.isPerBook };
  }

  /** The class and evidence of one row, where the rows differ. @param {number} passportId */
  capacityValue(passportId) {
    const { kind, isNamed } = this.capacity(passportId);
    return kind && isNamed ? { class: kind, shown: this.#ticks.among(this.#checklist(kind)) } : {};
  }

  /**
   * A row chooses its class.
   * @param {number} passportId
   * @param {CollectorClass} kind
   */
  choose(passportId, kind) {
    this.#capacities.choose(passportId, kind);
    this.#changeClass();
  }

  /** What was chosen and typed so far, also when it is incomplete. @returns {CollectorDraft} */
  draft() {
    const { name, document, document_last4: number } = this.#person;
    const typed = { name: name.value, document: document.value, document_last4: number.value };
    return { class: this.#class, shown: this.#ticks.shown, ...typed, capacities: this.#capacities.draft() };
  }

  /** Mark what the server refuses: "shown", "collector.NAME", "passports.N.class" or "….shown". @param {ErrorFields} fields */
  refuse(fields) {
    const wrong = Object.entries(this.#person).filter(([name]) => `collector.${name}` in fields);
    for (const [, input] of wrong) markWrong(input, true);
    const missing = [...new Set(Object.entries(fields).flatMap(([place, items]) => (SHOWN.test(place) ? items : [])))];
    this.#ticks.mark(missing);
    const isOfOthers = Object.keys(fields).some((place) => OWN_CLASS.test(place));
    if (wrong.length || missing.length || isOfOthers) this.#setFolded(false);
    const sentence = isOfOthers
      ? text("self_of_others")
      : wrong.length
        ? text("lacking_person")
        : missing.length && count("lacking_shown", missing.length);
    this.#error.hidden = !sentence;
    select("[data-word]", this.#error).textContent = sentence || "";
  }

  /** @returns {CollectorClass | null} */
  get #class() {
    const [checked] = selectAll("[name=class]:checked", this.#section, HTMLInputElement);
    return /** @type {CollectorClass | undefined} */ (checked?.value) ?? null;
  }

  get #isBarred() {
    return this.#capacities.present.length > 1;
  }

  /** @param {CollectorClass | null} kind */
  #checklist(kind) {
    return this.#options.checklists[kind ?? ""] ?? [];
  }

  /** The documents of every class in which this collector takes a book. */
  get #needed() {
    const general = this.#class;
    const classes = general ? this.#capacities.inUse(general) : [];
    return [...new Set(classes.flatMap((kind) => this.#checklist(kind)))];
  }

  #isPersonComplete() {
    const { name, document_last4: number } = this.#person;
    return this.#class === "self" || Boolean(name.value.trim() && last4(number.value));
  }

  /** @param {boolean} isFolded */
  #setFolded(isFolded) {
    this.#slot.line.hidden = !isFolded;
    this.#slot.open.hidden = isFolded;
  }

  /** Class, person and the number of documents shown. */
  #summary() {
    const [checked] = selectAll("label:has([name=class]:checked)", this.#section);
    const { name, document, document_last4: number } = this.#person;
    const person = [name.value.trim(), `${document.selectedOptions[0].text} …${last4(number.value)}`];
    const evidence = count("shown_all", this.#needed.length);
    return [checked.textContent?.trim(), ...(this.#class === "self" ? [] : person), evidence].join(" · ");
  }

  #listen() {
    this.#slot.unfold.addEventListener("click", () => {
      this.#setFolded(false);
      select("[name=class]:checked", this.#section).focus();
    });
    for (const radio of selectAll("[name=class]", this.#section))
      radio.addEventListener("change", () => {
        this.#capacities.forget();
        this.#changeClass();
      });
    for (const input of Object.values(this.#person)) input.addEventListener("input", () => this.#clear());
  }

  /** Books of several holders have no applicant in common: "Pemohon" cannot be chosen, and the reason stands below. */
  #barSelf() {
    const self = select("[name=class][value=self]", this.#section, HTMLInputElement);
    self.disabled = this.#isBarred;
    if (self.disabled) self.checked = false;
  }

  #fill() {
    const { draft } = this.#options;
    if (!draft) return this.#chooseAnnounced();
    const { capacities } = /** @type {CollectorDraft} */ (draft);
    if (capacities) this.#capacities.restore(capacities);
    for (const radio of selectAll("[name=class]", this.#section, HTMLInputElement))
      radio.checked = radio.value === draft.class && !radio.disabled;
    this.#person.name.value = draft.name ?? this.#person.name.value;
    this.#person.document.value = draft.document ?? this.#person.document.value;
    this.#person.document_last4.value = draft.document_last4 ?? this.#person.document_last4.value;
  }

  /** The class that the applicants announced, when they agree and it may be chosen. */
  #chooseAnnounced() {
    const { kinds } = this.#announced;
    if (kinds.length !== 1) return;
    const [radio] = selectAll(`[name=class][value=${kinds[0]}]:enabled`, this.#section, HTMLInputElement);
    if (radio) radio.checked = true;
  }

  #changeClass() {
    this.#paint();
    this.#clear();
  }

  #paint() {
    const collector = this.#class;
    const isOther = Boolean(collector) && collector !== "self";
    this.#slot.person.hidden = !isOther;
    this.#announced.offer(isOther && !this.#capacities.own);
    this.#own.offer(isOther);
    this.#slot.hint.hidden = isOther || !this.#isBarred;
    this.#showName();
    this.#ticks.ask(this.#needed);
  }

  /** Who takes their own book is named by it. */
  #showName() {
    const { name } = this.#person;
    const { own } = this.#capacities;
    const field = /** @type {HTMLElement} */ (name.parentElement);
    if (own && !field.hidden) this.#typedName = name.value;
    if (own || field.hidden) name.value = own?.name ?? this.#typedName;
    field.hidden = Boolean(own);
  }

  /** @param {string} name */
  #useName(name) {
    this.#person.name.value = name;
    this.#clear();
    this.#person.document_last4.focus();
  }

  /** The same person again: as the applicant only for further books of their own. @param {EarlierCollector} earlier */
  #useCollector({ class: kind, holder, name, document, document_last4: number, shown }) {
    const { present } = this.#capacities;
    const mayBe = kind !== "self" || present.every((other) => other.holder === holder);
    if (mayBe) select(`[name=class][value=${kind}]`, this.#section, HTMLInputElement).checked = true;
    this.#capacities.setOwn(present.some((other) => other.holder === holder) ? holder : null);
    this.#person.name.value = this.#typedName = name;
    if (document) this.#person.document.value = document;
    this.#person.document_last4.value = number;
    this.#ticks.add(shown);
    this.#changeClass();
    if (!this.missing()) this.#options.onDone();
    else if (!this.#class) select("[name=class]:not([value=self])", this.#section).focus(); // the officer asks which
  }

  #clear() {
    this.#error.hidden = true;
    for (const input of Object.values(this.#person)) markWrong(input, false);
    this.#ticks.mark([]);
    this.#options.onChange();
  }
}
