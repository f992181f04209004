// Rows that stay the same elements while the state changes around them: focus, ticks and a finger on a row survive.

/** @type {WeakMap<HTMLElement, string>} element -> the JSON that it was made from */
const sources = new WeakMap();

/**
 * Let `list` hold one element per item, in this order. Items are [key, value]; `build(value)` makes a changed one.
 * @template T
 * @param {HTMLElement} list
 * @param {[string | number, T][]} items
 * @param {(value: T) => HTMLElement} build
 */
export function keepRows(list, items, build) {
  const children = /** @type {HTMLElement[]} */ ([...list.children]);
  const known = new Map(children.map((row) => [row.dataset.key, row]));
  const rows = items.map(([key, value]) => keptOrNew(known.get(String(key)), key, value, build));
  for (const child of children) if (!rows.includes(child)) child.remove();
  rows.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
}

/**
 * @template T
 * @param {HTMLElement | undefined} old
 * @param {string | number} key
 * @param {T} value
 * @param {(value: T) => HTMLElement} build
 */
function keptOrNew(old, key, value, build) {
  const source = JSON.stringify(value);
  if (old && sources.get(old) === source) return old;
  const fresh = build(value);
  fresh.dataset.key = String(key);
  sources.set(fresh, source);
  if (old?.contains(document.activeElement)) requestAnimationFrame(() => focusFirst(fresh));
  return fresh;
}

/** @param {HTMLElement} row */
function focusFirst(row) {
  const field = row.querySelector("input, button");
  if (field instanceof HTMLElement) field.focus();
}
