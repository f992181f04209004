// The collector's sheet: the tablet is turned, and only the text and the pad fill it. What was drawn before stays.

export class SignatureSheet {
  #dialog;
  #signing;
  #home;

  /** @param {Record<string, any>} slot of the band: sheet, signing, sheet_place, sheet_open, sheet_done */
  constructor({ sheet, signing, sheet_place: place, sheet_open: open, sheet_done: done }) {
    this.#dialog = /** @type {HTMLDialogElement} */ (sheet);
    this.#signing = /** @type {HTMLElement} */ (signing);
    this.#home = /** @type {HTMLElement} */ (signing.parentElement);
    open.addEventListener("click", () => {
      place.append(signing);
      sheet.showModal();
      sheet.focus(); // not the button at its end: the collector reads the text first
      sheet.scrollTop = 0;
    });
    done.addEventListener("click", () => sheet.close());
    sheet.addEventListener("close", () => this.#putBack());
  }

  #putBack() {
    if (this.#signing.parentElement !== this.#home) this.#home.insertBefore(this.#signing, this.#dialog);
  }
}
