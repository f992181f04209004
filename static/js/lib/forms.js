// Forms marked `data-json` are sent as JSON. A refusal stands beside its field or on top of the form, what was typed
// stays; a success loads the page again, because it then tells the new truth.

import { icon, make } from "./dom.js";
import { NetworkLost, post, remove } from "./http.js";
import { text } from "./messages.js";

/** Take over all such forms of the page. They are hidden until this script runs. */
export function sendForms() {
  for (const form of document.querySelectorAll("form[data-json]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}

async function send(form) {
  const button = form.querySelector('[type="submit"]');
  const { csrf_token, ...body } = Object.fromEntries(new FormData(form));
  clear(form);
  button.disabled = true;
  try {
    const path = form.getAttribute("action");
    const answer = form.dataset.json === "delete" ? await remove(path) : await post(path, body);
    if (answer.ok) location.reload();
    else refuse(form, answer.body?.error ?? { message: text("lost") });
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    refuse(form, { message: text("lost") });
  } finally {
    button.disabled = false;
  }
}

function clear(form) {
  form.querySelector(".banner")?.remove();
  for (const told of form.querySelectorAll(".field__error")) told.remove();
  for (const box of form.querySelectorAll("[aria-invalid]")) mark(box, false);
}

function refuse(form, { message, fields = {} }) {
  let first = null;
  for (const [name, told] of Object.entries(fields)) {
    const box = form.elements[name];
    if (!box) continue;
    box.before(make("span", { class: "field__error", id: `${box.id}-error` }, icon("stop"), told));
    mark(box, true);
    first ??= box;
  }
  if (!first) {
    first = make("div", { class: "banner banner--stop", role: "alert", tabindex: "-1" }, icon("stop"), message);
    form.prepend(first);
  }
  first.focus();
}

function mark(box, isWrong) {
  box.classList.toggle("input--wrong", isWrong);
  box.toggleAttribute("aria-invalid", isWrong);
  if (isWrong) {
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", `${box.id}-error`);
  } else box.removeAttribute("aria-describedby");
}
