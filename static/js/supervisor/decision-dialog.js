// The dialog in which a supervisor decides: on the own page, or on the officer's tablet (`tablet-proof.js`). It closes when
// the server has taken the decision, or when somebody cancels.

import { byId, fieldOf, select, selectAll, slots } from "../lib/dom.js";
import { answerOrNull, post } from "../lib/http.js";
import { text } from "../lib/messages.js";
import { LONGEST_MS } from "../lib/patience.js";
import { TabletProof } from "./tablet-proof.js";

/**
 * @typedef {object} Question
 * @property {number} callId
 * @property {number} visitId
 * @property {string} queueNo
 * @property {string} reason of the call
 * @property {boolean} isLocked whether a book of the vehicle is locked
 * @property {boolean} isOverdue
 * @property {boolean} isTablet the supervisor proves who decides
 */

/** @type {DecisionDialog | undefined} */
let opened;

/** Let a supervisor decide. @param {Question} question */
export function askDecision(question) {
  opened ??= new DecisionDialog(byId("decision", HTMLDialogElement));
  opened.open(question);
}

/** The call has ended elsewhere: there is nothing to decide any more. @param {number} visitId */
export function closeDecision(visitId) {
  opened?.closeFor(visitId);
}

class DecisionDialog {
  #dialog;
  #form;
  #slot;
  #proof;
  /** @type {Question | null} */
  #question = null;

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.#dialog = dialog;
    this.#form = select("form", dialog, HTMLFormElement);
    this.#slot = slots(dialog);
    this.#proof = new TabletProof(this.#form);
    this.#form.addEventListener("change", () => this.#paint());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#slot.cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.#clear());
  }

  /** @param {Question} question */
  open(question) {
    this.#clear();
    this.#question = question;
    this.#slot.title.textContent = text("decision_title", { no: question.queueNo });
    const possible = decisionsFor(question);
    for (const radio of selectAll("[name=decision]", this.#form, HTMLInputElement)) {
      radio.closest("label")?.toggleAttribute("hidden", !possible.includes(radio.value));
      radio.checked = radio.value === possible[0] && possible[0] !== "attend";
    }
    this.#paint();
    this.#dialog.showModal();
    if (question.isTablet) this.#proof.open();
    this.#slot.title.focus();
  }

  /** @param {number} visitId */
  closeFor(visitId) {
    if (this.#question?.visitId === visitId) this.#dialog.close();
  }

  get #decision() {
    return /** @type {RadioNodeList} */ (/** @type {unknown} */ (fieldOf(this.#form, "decision"))).value;
  }

  get #reason() {
    const field = { allow_late: "late_reason", allow_unsigned: "unsigned_reason" }[this.#decision];
    return field ? fieldOf(this.#form, field).value.trim() : "";
  }

  #paint() {
    this.#slot["late-reason"].hidden = this.#decision !== "allow_late";
    this.#slot["unsigned-reason"].hidden = this.#decision !== "allow_unsigned";
  }

  /** Nothing typed stays in the page, least of all a password. */
  #clear() {
    this.#question = null;
    this.#form.reset();
    this.#proof.close();
    this.#refuse("");
  }

  async #send() {
    const question = this.#question;
    const lacking = this.#lacking();
    if (!question || lacking) return this.#refuse(lacking);
    const person = question.isTablet && this.#proof.proof;
    const body = { call_id: question.callId, decision: this.#decision, reason: this.#reason, ...person };
    const own = `/api/v1/visits/${question.visitId}/supervisor/decision`;
    const path = question.isTablet ? this.#proof.path(question.visitId) : own;
    this.#refuse("");
    this.#slot.confirm.disabled = true;
    const answer = await answerOrNull(post(path, body, { timeout: LONGEST_MS }));
    this.#slot.confirm.disabled = false;
    if (this.#question !== question) return;
    if (answer?.ok) this.#dialog.close();
    else this.#refuse(answer?.body?.error?.message ?? text("decision_unanswered"), answer?.body?.error?.code);
  }

  /** The sentence of what is missing, or "". */
  #lacking() {
    if (!this.#decision) return text("decision_choose");
    if (["allow_late", "allow_unsigned"].includes(this.#decision) && !this.#reason)
      return text("decision_reason_missing");
    return this.#question?.isTablet ? this.#proof.lacking : "";
  }

  /**
   * @param {string} sentence
   * @param {string} [code]
   */
  #refuse(sentence, code = "") {
    this.#slot.refusal.hidden = !sentence;
    select("[data-word]", this.#slot.refusal).textContent = sentence;
    this.#proof.mark(code);
  }
}

/** The decisions that make sense, the likeliest first. @param {Question} question */
function decisionsFor({ reason, isLocked, isOverdue }) {
  return [
    isLocked && "unlock",
    isOverdue && "allow_late",
    reason === "no_signature" && "allow_unsigned",
    "attend",
    "refuse",
  ].filter((decision) => typeof decision === "string");
}
