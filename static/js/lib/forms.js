// Forms marked `data-json` are sent as JSON. A refusal appears beside its field or at the top of the form, and the input
// stays; after a success the page is loaded again, because its content has changed, and says what was done (`data-done`).

import { byId, icon, make, markWrong, select, selectAll } from "./dom.js";
import { NetworkLost, post, remove } from "./http.js";
import { text } from "./messages.js";

const DONE = "done"; // in the tab's storage: the sentence to show after the reload

/** Take over all such forms of the page. They are hidden until this script runs. */
export function sendForms() {
  showDone();
  for (const form of selectAll("form[data-json]", document, HTMLFormElement)) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
    const act = form.closest("details");
    act?.addEventListener("toggle", () => act.open && firstField(form)?.focus());
  }
}

/** @param {HTMLFormElement} form */
const firstField = (form) => selectAll("input:not([type=hidden])", form, HTMLInputElement)[0];

/** @param {HTMLFormElement} form */
async function send(form) {
  const button = select('[type="submit"]', form, HTMLButtonElement);
  const { csrf_token, ...body } = Object.fromEntries(new FormData(form));
  clearErrors(form);
  button.disabled = true;
  try {
    const path = form.getAttribute("action") ?? "";
    const answer = form.dataset.json === "delete" ? await remove(path, body) : await post(path, body);
    if (answer.ok) {
      sessionStorage.setItem(DONE, form.dataset.done ?? "");
      location.reload();
    } else showErrors(form, answer.body?.error ?? { message: text("lost") });
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    showErrors(form, { message: text("lost") });
  } finally {
    button.disabled = false;
  }
}

function showDone() {
  const sentence = sessionStorage.getItem(DONE);
  sessionStorage.removeItem(DONE);
  if (!sentence) return;
  const banner = make("div", { class: "banner banner--go", role: "status" }, icon("go"));
  byId("main").prepend(banner);
  banner.append(make("div", {}, sentence));
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
