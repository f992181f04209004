// Sentences for scripts come from the page (translated there), never from code: see the macro `texts` in macros.html.

import { figure } from "./clock.js";

/** @type {Record<string, string> | null} */
let sentences = null;

/**
 * The sentence of this key with every `{name}` replaced by `values.name`; numbers as the reader's language writes them.
 * @param {string} key
 * @param {Values} [values]
 */
export function text(key, values = {}) {
  return (loaded()[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => shown(values[name] ?? ""));
}

/**
 * The sentence for `n` things: `KEY_one` for one where the page has it, else `KEY`.
 * @param {string} key
 * @param {number | null} n
 * @param {Values} [values]
 */
export function count(key, n, values = {}) {
  return text(n === 1 && loaded()[`${key}_one`] ? `${key}_one` : key, { n, ...values });
}

/** @param {unknown} value */
const shown = (value) => (typeof value === "number" ? figure(value) : String(value));

function loaded() {
  sentences ??= Object.assign(
    {},
    ...[...document.querySelectorAll("script[data-texts]")].map(({ textContent }) => JSON.parse(textContent ?? "")),
  );
  return /** @type {Record<string, string>} */ (sentences);
}
