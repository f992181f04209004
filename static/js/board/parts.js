// Small parts that a screen is made of. A screen shows both languages: Indonesian large, English small.

import { make } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/**
 * The words of this key in both languages, for `replaceChildren`.
 * @param {string} key
 * @param {Values} [values]
 * @returns {(string | HTMLElement)[]}
 */
export const both = (key, values) => [text(key, values), make("small", { lang: "en" }, text(`${key}.en`, values))];

/**
 * Set a `data-` attribute, or remove it without a value.
 * @param {HTMLElement} target
 * @param {string} name
 * @param {string | null | undefined} value
 */
export function mark(target, name, value) {
  if (value === undefined || value === null) delete target.dataset[name];
  else target.dataset[name] = value;
}

/**
 * Replace the content only when its key has changed, so that nothing blinks.
 * @param {HTMLElement} target
 * @param {string} key
 * @param {() => (string | Node)[]} children
 */
export function refill(target, key, children) {
  if (target.dataset.shows === key) return;
  target.dataset.shows = key;
  target.replaceChildren(...children());
}
