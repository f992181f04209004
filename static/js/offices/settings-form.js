// A form of many settings. Each row carries what it showed first (`was.ROW`) and its default; rows that differ are marked
// and counted. Leaving asks first when something typed would be lost. Without this module the buttons ask the server.

import { select, selectAll } from "../lib/dom.js";

/** @typedef {Record<string, string>} Fields a row's fields by the end of their names; an unticked box has none */

const WEEKDAYS = ["1", "2", "3", "4"]; // Tuesday to Friday, which copy Monday

export class SettingsForm {
  #form;
  #rows;
  #isSending = false;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#rows = selectAll("[data-row]", form);
  }

  start() {
    this.#form.addEventListener("input", () => this.#show());
    this.#form.addEventListener("change", () => this.#show());
    this.#form.addEventListener("click", (event) => this.#onClick(event));
    addEventListener("submit", (event) => this.#onSubmit(event));
    addEventListener("pageshow", () => this.#show()); // a browser may put back what was typed
    addEventListener("beforeunload", (event) => {
      if (!this.#isSending && this.#isUnsaved()) event.preventDefault();
    });
    this.#show();
  }

  /** @param {Event} event */
  #onClick(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button?.matches("[data-to-default], [data-copy-monday]")) return;
    event.preventDefault();
    const row = /** @type {HTMLElement} */ (button.closest("[data-row]"));
    if (button.matches("[data-to-default]")) write(row, JSON.parse(row.dataset.default ?? "{}"));
    else for (const day of WEEKDAYS) write(select(`[data-row="hours.${day}"]`, this.#form), read(row));
    this.#show();
    /** @type {HTMLElement | null} */ (row.querySelector(".input, .tick input"))?.focus();
  }

  /** @param {Event} event one form is sent; what was typed in another would be lost */
  #onSubmit(event) {
    const sent = event.target;
    this.#isSending = sent === this.#form ? !guarded().some(isTyped) : !this.#count() && !others(sent).some(isTyped);
  }

  #isUnsaved() {
    return this.#count() > 0 || guarded().some(isTyped);
  }

  #count() {
    return this.#rows.filter(isChanged).length;
  }

  #show() {
    this.#isSending = false;
    for (const row of this.#rows) {
      row.toggleAttribute("data-changed", isChanged(row));
      select("[data-mark]", row).hidden = !isChanged(row);
      const back = /** @type {HTMLElement | null} */ (row.querySelector("[data-to-default]"));
      if (back) back.hidden = isSame(read(row), JSON.parse(row.dataset.default ?? "{}"));
    }
    const count = this.#count();
    const save = select("[data-save]", this.#form);
    save.textContent = count ? `${save.dataset.word} (${count})` : (save.dataset.word ?? "");
    const unsaved = select("[data-unsaved]", this.#form);
    const words = (count ? unsaved.dataset.some : unsaved.dataset.none) ?? "";
    if (unsaved.textContent !== words) unsaved.textContent = words;
  }
}

/** @returns {HTMLFormElement[]} */
function guarded() {
  return selectAll("form[data-guarded]", document, HTMLFormElement);
}

/** @param {EventTarget | null} sent */
function others(sent) {
  return guarded().filter((form) => form !== sent);
}

/** @param {HTMLFormElement} form whether it has something that the server did not put there */
function isTyped(form) {
  return selectAll("input.input", form, HTMLInputElement).some((input) => input.value !== input.defaultValue);
}

/** @param {HTMLElement} row */
function isChanged(row) {
  return !isSame(read(row), JSON.parse(select("[name^='was.']", row, HTMLInputElement).value));
}

/**
 * @param {HTMLElement} row
 * @returns {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]}
 */
function controls(row) {
  return [...row.querySelectorAll(`[name^="${row.dataset.row}."]`)].map(
    (found) => /** @type {HTMLInputElement} */ (found),
  );
}

/**
 * @param {HTMLElement} row
 * @param {string} name
 */
function end(row, name) {
  return name.slice(`${row.dataset.row}.`.length);
}

/**
 * @param {HTMLElement} row
 * @returns {Fields}
 */
function read(row) {
  /** @type {Fields} */
  const fields = {};
  for (const control of controls(row)) {
    if (!isBox(control) || control.checked) fields[end(row, control.name)] = control.value.trim();
  }
  return fields;
}

/**
 * @param {HTMLElement} row
 * @param {Fields} fields
 */
function write(row, fields) {
  for (const control of controls(row)) {
    const value = fields[end(row, control.name)];
    if (isBox(control)) control.checked = value !== undefined;
    else control.value = value ?? "";
  }
}

/**
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control
 * @returns {control is HTMLInputElement}
 */
function isBox(control) {
  return control.type === "checkbox";
}

/**
 * @param {Fields} one
 * @param {Fields} other
 */
export function isSame(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
