// Entry module. Buttons with `data-copy` put their text on the clipboard and confirm that for a moment. They stay hidden
// where the browser gives a page no clipboard (without HTTPS).

import { select, selectAll } from "./dom.js";

const CONFIRMED_MS = 2000;

/** @param {HTMLElement} button */
function offerCopy(button) {
  const label = select("span", button);
  const idle = label.textContent;
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    label.textContent = button.dataset.copied ?? "";
    setTimeout(() => {
      label.textContent = idle;
    }, CONFIRMED_MS);
  });
}

selectAll("[data-copy]").forEach(offerCopy);
