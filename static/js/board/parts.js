// Small parts that a screen is made of. Everything on it speaks both languages: Indonesian large, English small.

import { make } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/** The words of this key in both languages, for `replaceChildren`. */
export const both = (key, values, englishValues = values) => [
  text(key, values),
  make("small", { lang: "en" }, text(`${key}.en`, englishValues)),
];

/** Set or take away a `data-` mark. */
export function mark(target, name, value) {
  if (value === undefined || value === null) delete target.dataset[name];
  else target.dataset[name] = value;
}

/** What is new shows at once; what is the same is left alone, so that nothing blinks. */
export function refill(target, key, children) {
  if (target.dataset.shows === key) return;
  target.dataset.shows = key;
  target.replaceChildren(...children());
}
