// The last four of a book's number are digits, so its field opens a keyboard of digits on a tablet. The switch beside it
// brings the letters of a whole number. Where keys are real ones the switch is not shown (handover-form.css).

import { make } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { takeDigits } from "../lib/number-pad.js";

/**
 * @param {HTMLInputElement} input
 * @param {HTMLButtonElement} button
 * @param {string} name of the holder
 */
export function offerLetters(input, button, name) {
  /** @param {boolean} isWithLetters */
  const show = (isWithLetters) => {
    const next = isWithLetters ? { sign: "123", key: "digits_whose" } : { sign: "ABC", key: "letters_whose" };
    if (isWithLetters) input.inputMode = "text";
    else takeDigits(input);
    button.replaceChildren(next.sign, make("span", { class: "visually-hidden" }, ` ${text(next.key, { name })}`));
  };
  // The field keeps the cursor: leaving it would show a result, and the button could move away under the press.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    show(input.inputMode !== "text");
    input.blur(); // a keyboard that is open changes only with the focus
    input.focus();
  });
  show(false);
}
