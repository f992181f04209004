// Replace the rows of a list, but keep the focus on the same vehicle's button and keep an opened part open.

import { selectAll } from "../lib/dom.js";

/**
 * Buttons are identified by `data-visit` and `data-move`, opened parts (`<details>`) by `data-more`.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} rows
 */
export function replaceKeepingFocus(list, rows) {
  const { activeElement } = document;
  const focused = activeElement instanceof HTMLElement && list.contains(activeElement) ? selectorOf(activeElement) : "";
  const opened = selectAll("details[open]", list).map(selectorOf);
  list.replaceChildren(...rows);
  for (const selector of opened) if (selector) list.querySelector(selector)?.setAttribute("open", "");
  if (focused) /** @type {HTMLElement | null} */ (list.querySelector(focused))?.focus();
}

/** @param {HTMLElement} element */
function selectorOf({ dataset }) {
  return ["visit", "move", "more"]
    .filter((name) => dataset[name])
    .map((name) => `[data-${name}="${dataset[name]}"]`)
    .join("");
}
