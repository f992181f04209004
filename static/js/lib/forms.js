// Forms marked `data-json` are sent as JSON. A refusal appears beside its field or at the top of the form, and the input
// stays; after a success the page is loaded again, because its content has changed.

import { icon, make, markWrong, select, selectAll } from "./dom.js";
import { NetworkLost, post, remove } from "./http.js";
import { text } from "./messages.js";

/** Take over all such forms of the page. They are hidden until this script runs. */
export function sendForms() {
  for (const form of selectAll("form[data-json]", document, HTMLFormElement)) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const button = select('[type="submit"]', form, HTMLButtonElement);
  const { csrf_token, ...body } = Object.fromEntries(new FormData(form));
  clearErrors(form);
  button.disabled = true;
  try {
    const path = form.getAttribute("action") ?? "";
    const answer = form.dataset.json === "delete" ? await remove(path) : await post(path, body);
    if (answer.ok) location.reload();
    else showErrors(form, answer.body?.error ?? { message: text("lost") });
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    showErrors(form, { message: text("lost") });
  } finally {
    button.disabled = false;
  }
}

/** @param {HTMLFormElement} form */
function clearErrors(form) {
  form.querySelector(".banner")?.remove();
  for (const error of selectAll(".field__error", form)) error.remove();
  for (const field of selectAll("[aria-invalid]", form)) mark(field, false);
}

/**
 * @param {HTMLFormElement} form
 * @param {ApiError} error
 */
function showErrors(form, { message, fields = {} }) {
  /** @type {HTMLElement | null} */
  let first = null;
  for (const [name, sentence] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    if (!(field instanceof HTMLElement)) continue;
    field.before(make("span", { class: "field__error", id: `${field.id}-error` }, icon("stop"), sentence));
    mark(field, true);
    first ??= field;
  }
  if (!first) {
    first = make("div", { class: "banner banner--stop", role: "alert", tabindex: "-1" }, icon("stop"), message);
    form.prepend(first);
  }
  first.focus();
}

/**
 * @param {HTMLElement} field
 * @param {boolean} isWrong
 */
function mark(field, isWrong) {
  markWrong(field, isWrong);
  if (isWrong) field.setAttribute("aria-describedby", `${field.id}-error`);
  else field.removeAttribute("aria-describedby");
}
