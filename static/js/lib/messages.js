// Sentences for scripts come from the page (translated there), never from code: see the macro `texts` in macros.html.

const words = {};
for (const island of document.querySelectorAll("script[data-texts]"))
  Object.assign(words, JSON.parse(island.textContent));

/** The sentence of this key with every `{name}` replaced by `values.name`. */
export function text(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The sentence for `n` things: `KEY_one` for one where the page has it, else `KEY`. */
export function count(key, n, values = {}) {
  return text(n === 1 && words[`${key}_one`] ? `${key}_one` : key, { n, ...values });
}
