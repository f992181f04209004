// A small dialog before what ends, changes or takes over something: a sentence, and one choice of each list it is given.

import { make, slots } from "../lib/dom.js";
import { text } from "../lib/messages.js";

const dialog = document.getElementById("ask");
const slot = slots(dialog);
const WARNINGS = ["take_over"];

/**
 * `name`: which sentences, `values` for them; `lists`: {name: [word or [value, word], …]} to choose from. Resolves to
 * {name: value, …}, or null when nothing is to be done.
 */
export function ask(name, values = {}, lists = {}) {
  slot.title.textContent = text(`ask_${name}`, values);
  slot.advice.textContent = text(`ask_${name}_advice`, values);
  slot.warning.hidden = !WARNINGS.includes(name);
  slot.confirm.textContent = text(`ask_${name}_confirm`, values);
  const groups = Object.entries(lists);
  const chosen = (group) => dialog.querySelector(`[name=${group}]:checked`)?.value;
  const check = () => (slot.confirm.disabled = !groups.every(([group]) => chosen(group)));
  slot.lists.replaceChildren(...groups.map(([group, options]) => list(group, options, groups.length > 1)));
  slot.lists.onchange = check;
  check();
  dialog.returnValue = "";
  dialog.showModal();
  slot.title.focus();
  return new Promise((resolve) => {
    const answer = () => Object.fromEntries(groups.map(([group]) => [group, chosen(group)]));
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? answer() : null), { once: true });
  });
}

/** Nothing is asked any more. */
export function stopAsking() {
  dialog.close();
}

function list(group, options, isOneOfMany) {
  const word = isOneOfMany ? "ask__legend" : "visually-hidden";
  const isOnly = options.length === 1;
  return make(
    "fieldset",
    { class: "ask__list" },
    make("legend", { class: word }, text(`choose_${group}`)),
    ...options.map((one) => choice(group, [one].flat(), isOnly)),
  );
}

function choice(group, [value, word = value], isOnly) {
  return make("label", { class: "tick" }, make("input", { type: "radio", name: group, value, checked: isOnly }), word);
}
