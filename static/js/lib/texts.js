// Sentences for scripts come from the page (translated there), never from code: see the macro `texts` in macros.html.

const words = {};
for (const island of document.querySelectorAll("script[data-texts]")) Object.assign(words, JSON.parse(island.textContent));

/** The sentence of this key with every `{name}` replaced by `values.name`. */
export function text(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
