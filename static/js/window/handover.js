// The handover to one collector: the form and its draft, amber until the server has answered, then the record, or the errors
// back in the form. What must end the form goes to the window.

import { ask } from "../lane/ask-dialog.js";
import { tabletPoint } from "../lane/tablet-point.js";
import { play } from "../lib/sounds.js";
import { collectorOf } from "./earlier-collector.js";
import { HandoverForm } from "./handover-form.js";
import { draftOf, earlierCollector, forgetDraft, hasContent, keepCollector, keepDraft } from "./kept-work.js";
import { CheckingPanel } from "./panels.js";
import { sendUntilAnswered } from "./pending-submission.js";

const IN_FORM = /^(passports\.\d+\.(identity|book|class|shown)|shown|collector|signature)/; // fields of errors that the form can show

/**
 * @typedef {object} HandoverOptions
 * @property {import("./window-frame.js").WindowFrame} frame
 * @property {() => Visit} visit its newest card
 * @property {WindowSettings} settings
 * @property {(record: HandoverRecord) => void} onRecorded
 * @property {(error: ApiError, book?: Book) => void} onStop
 */

export class Handover {
  #options;
  #closing = new AbortController();
  /** @type {HandoverForm | null} */
  #form = null;
  /** @type {SupervisorCall | null} the permission to hand over without a signature */
  #permit = null;

  /** @param {HandoverOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** Whether a form can be shown again. */
  get hasForm() {
    return this.#form !== null;
  }

  /** What was typed and signed before a step back, a reload or a new sign-in. */
  get draft() {
    return draftOf(tabletPoint().staff, this.#options.visit().id);
  }

  /** Whether something would be lost with the form. */
  get isBegun() {
    const { draft } = this;
    return draft !== null && hasContent(draft);
  }

  /**
   * @param {Book[]} books
   * @param {HandoverBody} [unanswered] an attempt from before a reload
   */
  open(books, unanswered) {
    const { frame, visit, settings, onStop } = this.#options;
    const isShown = () => frame.phase === "form" && this.#form === form; // late news finds the form gone
    const form = new HandoverForm(visit(), books, {
      settings,
      draft: unanswered,
      kept: this.draft,
      earlier: unanswered ? null : earlierCollector(tabletPoint().staff, visit().id),
      onKeep: (draft) => isShown() && this.#keep(draft),
      onConfirm: (body) => this.submit({ staff: tabletPoint().staff, visit: visit(), body, since: Date.now() }),
      onStop: (error, book) => frame.phase === "form" && onStop(error, book),
      askReason: async () => (await ask("unsigned", {}, { reason: settings.reasons.unsigned }))?.reason ?? null,
    });
    this.#form = form;
    if (this.#permit) form.permitUnsigned(this.#permit);
    frame.show(form, "form");
    return form;
  }

  /** A supervisor may have permitted it meanwhile. @param {SupervisorCall[]} calls of the lane, the oldest first */
  learnPermit(calls) {
    const permit = permitOf(calls, this.#options.visit().id);
    if (permit && permit.id !== this.#permit?.id) this.#form?.permitUnsigned(permit);
    this.#permit = permit;
  }

  /** The form goes on with its other books. @param {Book} book */
  goOnWithout({ passport_id: id }) {
    this.showAgain();
    this.#form?.leaveOut(id);
  }

  /** Whether the form has other books to go on with. @param {Book} [book] */
  hasOthers(book) {
    return Boolean(book && this.#form?.hasOthers(book.passport_id));
  }

  showAgain() {
    if (this.#form) this.#options.frame.show(this.#form, "form");
  }

  /** A wedge scanner sent this. Whether a row has taken it. @param {string} code */
  take(code) {
    return this.#form?.take(code) ?? false;
  }

  /**
   * A passport was swiped for a row.
   * @param {import("../lib/mrz.js").Zone} zone
   * @returns {string | null} the key of the sentence why it has no row
   */
  swipe(zone) {
    return this.#form?.swipe(zone) ?? null;
  }

  /** @param {PendingSubmission} submission */
  async submit(submission) {
    this.#options.frame.show(new CheckingPanel(submission.since), "checking");
    const answer = await sendUntilAnswered(submission, this.#closing.signal);
    if (answer?.ok) this.#end(answer.body, submission.body);
    else if (answer) this.#refuse(answer.body.error, submission.body);
  }

  /** The officer went a step back: a reload does not open the form again. Returns the books that were left out. */
  stepBack() {
    const { draft } = this;
    if (!draft) return [];
    const { chosen, leftOut = [] } = draft;
    const taken = chosen.filter((id) => !leftOut.includes(id));
    this.#keep({ ...draft, isOpen: false, chosen: taken, leftOut: [] });
    return leftOut;
  }

  /** The form is gone; its draft stays. */
  drop() {
    this.#form = null;
  }

  /** The visit is over: nothing typed is kept. */
  forget() {
    forgetDraft(tabletPoint().staff, this.#options.visit().id);
  }

  close() {
    this.#closing.abort();
    this.drop();
  }

  /** @param {Omit<FormDraft, "at">} draft */
  #keep(draft) {
    keepDraft(tabletPoint().staff, this.#options.visit().id, draft);
  }

  /**
   * The form is over. While books are left its collector may come again, or another person: the form offers, the officer decides.
   * @param {HandoverRecord} record
   * @param {HandoverBody} body
   */
  #end(record, body) {
    const { visit } = record;
    this.drop();
    if (visit.state === "serving") keepCollector(tabletPoint().staff, visit.id, collectorOf(body, visit.passports));
    else this.forget();
    this.#options.onRecorded(record);
  }

  /**
   * Errors of fields go back into the form (after a reload into a new one with the same key), others stop.
   * @param {ApiError} error
   * @param {HandoverBody} body
   */
  #refuse(error, body) {
    const { passports } = this.#options.visit();
    const ids = body.passports.map(({ passport_id: id }) => id);
    const books = ids.flatMap((wanted) => passports.filter(({ passport_id: id }) => id === wanted));
    if (!Object.keys(error.fields ?? {}).some((field) => IN_FORM.test(field)))
      return this.#options.onStop(error, ids.length === 1 ? books[0] : undefined);
    play("stop");
    this.showAgain();
    const form = this.#form ?? this.open(books, body);
    form.refuse(error);
  }
}

/**
 * The newest permission of this vehicle to hand over without a signature.
 * @param {SupervisorCall[]} calls
 * @param {number} visitId
 */
function permitOf(calls, visitId) {
  const permits = calls.filter(({ visit_id: id, decision }) => id === visitId && decision === "allow_unsigned");
  return permits.at(-1) ?? null;
}
