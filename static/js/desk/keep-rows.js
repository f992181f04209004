// Rows that stay the same elements while the state changes around them: focus, ticks and a finger on a row survive.

const made = new WeakMap(); // element -> what it was made from

/** Let `list` hold one element per item in this order. Items are [key, value]; `build(value)` makes a changed one. */
export function keepRows(list, items, build) {
  const known = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const rows = items.map(([key, value]) => row(known.get(String(key)), key, value, build));
  for (const old of [...list.children]) if (!rows.includes(old)) old.remove();
  rows.forEach((wanted, place) => {
    if (list.children[place] !== wanted) list.insertBefore(wanted, list.children[place] ?? null);
  });
}

function row(old, key, value, build) {
  const told = JSON.stringify(value);
  if (old && made.get(old) === told) return old;
  const fresh = build(value);
  fresh.dataset.key = key;
  made.set(fresh, told);
  if (old?.contains(document.activeElement)) requestAnimationFrame(() => fresh.querySelector("input, button")?.focus());
  return fresh;
}
