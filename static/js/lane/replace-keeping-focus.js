// Replace what a list shows, but keep the focus on the same vehicle's button and an opened part open.

/** Buttons are known by `data-visit` and `data-move`, opened parts (`<details>`) by `data-more`. */
export function renew(list, rows) {
  const focused = list.contains(document.activeElement) ? mark(document.activeElement) : "";
  const opened = [...list.querySelectorAll("details[open]")].map(mark);
  list.replaceChildren(...rows);
  for (const one of opened) if (one) list.querySelector(one)?.setAttribute("open", "");
  if (focused) list.querySelector(focused)?.focus();
}

function mark({ dataset }) {
  return ["visit", "move", "more"]
    .filter((name) => dataset[name])
    .map((name) => `[data-${name}="${dataset[name]}"]`)
    .join("");
}
