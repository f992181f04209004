// A small dialog before an act that ends, changes or takes over something: a sentence, and one choice from each list.

import { byId, make, selectAll, slots } from "../lib/dom.js";
import { text } from "../lib/messages.js";

const WARNINGS = ["take_over"];

/** @typedef {string | string[]} Option a word, or [value, word], or [value, word, why it cannot be chosen] */

/**
 * `name` selects the sentences, `values` fill them; `lists` are the options to choose from. Resolves to the chosen value of
 * each list, or to null after a cancel.
 * @param {string} name
 * @param {Values} [values]
 * @param {Record<string, Option[]>} [lists]
 * @returns {Promise<Record<string, string> | null>}
 */
export async function ask(name, values = {}, lists = {}) {
  const dialog = askDialog();
  const slot = slots(dialog);
  const groups = Object.entries(lists);
  slot.confirm.hidden = false;
  slot.lists.replaceChildren(...groups.map(([group, options]) => list(group, options, groups.length > 1)));
  const check = () => {
    slot.confirm.disabled = !groups.every(([group]) => chosenOf(dialog, group));
  };
  slot.lists.onchange = check;
  check();
  const isAgreed = (await open(name, values)) === "yes";
  return isAgreed ? Object.fromEntries(groups.map(([group]) => [group, chosenOf(dialog, group) ?? ""])) : null;
}

/**
 * The same with one touch: each option is a button that agrees. Resolves to the chosen value, or to null after a cancel.
 * @param {string} name
 * @param {Values} values
 * @param {Option[]} options
 */
export async function askAtOnce(name, values, options) {
  const slot = slots(askDialog());
  slot.confirm.hidden = true;
  slot.lists.onchange = null;
  slot.lists.replaceChildren(make("div", { class: "ask__choices" }, ...options.map(chooser)));
  return (await open(name, values)) || null;
}

/** Close the dialog as by a cancel. */
export function stopAsking() {
  askDialog().close();
}

const askDialog = () => byId("ask", HTMLDialogElement);

/**
 * Show the dialog with these sentences. Resolves to the value of the button that closed it.
 * @param {string} name
 * @param {Values} values
 * @returns {Promise<string>}
 */
function open(name, values) {
  const dialog = askDialog();
  const slot = slots(dialog);
  slot.title.textContent = text(`ask_${name}`, values);
  slot.advice.textContent = text(`ask_${name}_advice`, values);
  slot.warning.hidden = !WARNINGS.includes(name);
  slot.confirm.textContent = text(`ask_${name}_confirm`, values);
  dialog.returnValue = "";
  dialog.showModal();
  slot.title.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

/** @param {Option} option */
function chooser(option) {
  const [value, word = value] = [option].flat();
  return make("button", { class: "button button--lane", type: "submit", value }, word);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} group
 */
function chosenOf(dialog, group) {
  const [chosen] = selectAll(`[name=${group}]:checked`, dialog, HTMLInputElement);
  return chosen?.value;
}

/**
 * @param {string} group
 * @param {Option[]} options
 * @param {boolean} isOneOfSeveral
 */
function list(group, options, isOneOfSeveral) {
  const legend = isOneOfSeveral ? "ask__legend" : "visually-hidden";
  const isOnly = options.length === 1 && !whyNot(options[0]);
  return make(
    "fieldset",
    { class: "ask__list" },
    make("legend", { class: legend }, text(`choose_${group}`)),
    ...options.map((option) => choice(group, [option].flat(), isOnly)),
  );
}

/** @param {Option} option */
const whyNot = (option) => (Array.isArray(option) ? option[2] : "");

/**
 * @param {string} group
 * @param {string[]} option
 * @param {boolean} isChecked
 */
function choice(group, [value, word = value, reason = ""], isChecked) {
  const radio = make("input", { type: "radio", name: group, value, checked: isChecked, disabled: Boolean(reason) });
  return make("label", { class: "tick" }, radio, reason ? `${word} · ${reason}` : word);
}
