// Band 3: the collector's signature, or the reason for its absence (where the office allows that).

import { select, slots } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { Signature } from "../lib/signature.js";
import { SignatureSheet } from "./signature-sheet.js";

/**
 * @typedef {object} SignatureOptions
 * @property {boolean} isRequired
 * @property {boolean} mayBeUnsigned
 * @property {() => Promise<string | null>} askReason
 * @property {() => void} onChange
 */

export class SignatureBand {
  #slot;
  #error;
  #pad;
  #options;
  /** @type {string | null} why there is no signature */
  #reason = null;
  /** @type {string | null} a supervisor's permission, which needs no other reason */
  #permit = null;
  /** @type {string | null} the picture of a signature that was made before the form was opened again */
  #kept = null;
  /** @type {string | null} */
  #picture = null;
  #text = ""; // over the pad
  /** @type {string | null} what stood over the pad when the signature was begun */
  #signedText = null;

  /**
   * @param {HTMLElement} section
   * @param {SignatureOptions} options
   */
  constructor(section, options) {
    this.#options = options;
    this.#slot = slots(section);
    this.#error = select("#signature-error", section);
    new SignatureSheet(this.#slot);
    this.#pad = new Signature(this.#slot.pad, { onChange: () => this.#onStroke() });
    this.#slot.clear.addEventListener("click", () => {
      this.#kept = null;
      this.#pad.clear();
    });
    this.#slot.unable.addEventListener("click", async () => {
      this.#reason = this.#reason ? null : (this.#permit ?? (await options.askReason()));
      this.#show();
    });
  }

  start() {
    this.#show();
  }

  /** A supervisor has permitted it; a signature that is there stays. @param {string} sentence */
  permit(sentence) {
    this.#permit = sentence;
    if (!this.#isSigned) this.#reason = sentence;
    this.#show();
  }

  /** What the collector signs now. @param {string} sentence */
  setText(sentence) {
    this.#text = sentence;
    this.#slot.text.textContent = sentence;
  }

  /** The sentence of what is missing, or null. */
  missing() {
    if (this.#isSigned && !this.#reason && this.#signedText !== this.#text) return text("sign_again");
    return this.#options.isRequired && !this.#isSigned && !this.#reason ? text("lacking_signature") : null;
  }

  value() {
    if (this.#reason) return { unsigned_reason: this.#reason };
    if (!this.#isSigned) return {};
    return { signature: this.#kept ?? this.#pad.toDataURL(), signed_text: this.#signedText ?? undefined };
  }

  /** The reason, or the picture so far. @returns {SignatureDraft} */
  draft() {
    return { reason: this.#reason, picture: this.#kept ?? this.#picture, text: this.#signedText };
  }

  /** @param {SignatureDraft} draft */
  restore({ reason, picture, text: signedText = null }) {
    this.#reason = reason;
    this.#signedText = signedText;
    this.#kept = picture;
    this.#show();
  }

  get #isSigned() {
    return Boolean(this.#kept) || !this.#pad.isEmpty();
  }

  #onStroke() {
    this.#picture = this.#pad.isEmpty() ? null : this.#pad.toDataURL();
    this.#signedText = this.#picture && (this.#signedText ?? this.#text);
    this.#show();
  }

  /** @param {string} sentence */
  refuse(sentence) {
    this.#error.hidden = !sentence;
    select("[data-word]", this.#error).textContent = sentence;
  }

  #show() {
    const { pad, kept, paper, clear, unsigned, unable } = this.#slot;
    const isSigned = this.#isSigned;
    pad.hidden = Boolean(this.#kept);
    kept.hidden = !this.#kept;
    if (this.#kept) kept.src = this.#kept;
    pad.classList.toggle("sign__pad--done", isSigned);
    pad.setAttribute("aria-label", text(isSigned ? "pad_done" : "pad_empty"));
    paper.hidden = clear.hidden = Boolean(this.#reason);
    unsigned.hidden = !this.#reason;
    select("[data-word]", unsigned).textContent = this.#reason ?? "";
    unable.hidden = !this.#options.mayBeUnsigned && !this.#permit;
    unable.textContent = text(this.#reason ? "sign_after_all" : "unable");
    this.refuse("");
    this.#options.onChange();
  }
}
