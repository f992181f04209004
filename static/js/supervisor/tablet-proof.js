// How a supervisor proves on the officer's tablet who decides: with the own PIN of this tablet, or with login and password.
// Nobody is signed out.

import { fieldOf, make, markWrong, selectAll, slots } from "../lib/dom.js";
import { answerOrNull, get } from "../lib/http.js";
import { text } from "../lib/messages.js";
import { NumberPad, takeDigits } from "../lib/number-pad.js";

/** @typedef {{pin_id: number, name: string}} PinOwner */

export class TabletProof {
  #form;
  #slot;
  /** @type {PinOwner[]} */
  #owners = [];
  #isPin = false;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#slot = slots(form);
    const pad = form.querySelector(".pad");
    if (pad instanceof HTMLElement) {
      takeDigits(fieldOf(form, "pin"));
      new NumberPad(pad, form);
    }
    this.#slot["use-password"].addEventListener("click", () => this.#use(false));
    this.#slot["use-pin"].addEventListener("click", () => this.#use(true));
  }

  /** Ask who has a PIN in this browser; until the answer, login and password are there. */
  async open() {
    this.#owners = [];
    this.#use(false, false);
    const answer = await answerOrNull(get("/login/supervisors"));
    const isTyped = ["login", "password"].some((name) => fieldOf(this.#form, name).value);
    this.#owners = answer?.ok ? answer.body.supervisors : [];
    this.#slot.supervisors.replaceChildren(...this.#owners.map((owner) => choice(owner, this.#owners.length === 1)));
    this.#slot["use-pin"].hidden = !this.#owners.length;
    if (this.#owners.length && !isTyped && !this.#slot.person.hidden) this.#use(true, false);
  }

  close() {
    this.#slot["pin-proof"].hidden = true;
    this.#slot.person.hidden = true;
    this.#slot.code.hidden = true;
  }

  /** Where the decision goes. @param {number} visitId */
  path(visitId) {
    return this.#isPin ? `/login/decision/${visitId}` : `/api/v1/visits/${visitId}/supervisor/decision`;
  }

  /** What is sent beside the decision. */
  get proof() {
    if (this.#isPin) return { pin_id: this.#chosen, pin: fieldOf(this.#form, "pin").value };
    return {
      login: fieldOf(this.#form, "login").value.trim(),
      password: fieldOf(this.#form, "password").value,
      code: fieldOf(this.#form, "code").value.trim(),
    };
  }

  /** The sentence of what is missing, or "". */
  get lacking() {
    if (this.#isPin) return this.#chosen && fieldOf(this.#form, "pin").value ? "" : text("decision_pin_missing");
    const isSigned = fieldOf(this.#form, "login").value.trim() && fieldOf(this.#form, "password").value;
    return isSigned ? "" : text("decision_person_missing");
  }

  /** Mark the field that the server refused. @param {string} code */
  mark(code) {
    const [pin, password, factor] = ["pin", "password", "code"].map((name) => fieldOf(this.#form, name));
    const wrong = {
      pin_wrong: pin,
      pin_over: pin,
      wrong_password: password,
      factor_needed: factor,
      factor_wrong: factor,
    }[code];
    for (const field of [pin, password, factor]) markWrong(field, field === wrong);
    if (wrong === factor) this.#slot.code.hidden = false; // only accounts with a second factor are asked for a code
    wrong?.focus();
    wrong?.select();
  }

  get #chosen() {
    const radio = selectAll("[name=supervisor]", this.#slot.supervisors, HTMLInputElement).find(
      ({ checked }) => checked,
    );
    return Number(radio?.value ?? 0);
  }

  /**
   * @param {boolean} isPin
   * @param {boolean} [isAsked] somebody has touched the button
   */
  #use(isPin, isAsked = true) {
    this.#isPin = isPin;
    this.#slot["pin-proof"].hidden = !isPin;
    this.#slot.person.hidden = isPin;
    this.#slot["use-pin"].hidden = !this.#owners.length;
    fieldOf(this.#form, "pin").value = "";
    fieldOf(this.#form, "password").value = "";
    if (isAsked) fieldOf(this.#form, isPin ? "pin" : "login").focus();
  }
}

/**
 * @param {PinOwner} owner
 * @param {boolean} isOnly
 */
function choice({ pin_id: value, name }, isOnly) {
  return make(
    "label",
    { class: "tick" },
    make("input", { type: "radio", name: "supervisor", value, checked: isOnly }),
    name,
  );
}
