// Entry module. The copy of somebody's data is given out one time: the file is saved, and the page goes on to the list.
// Without scripts the browser saves the file, and the page stays.

import { byId, select } from "../lib/dom.js";
import { text } from "../lib/messages.js";

const LONGEST_MS = 60_000; // many rows of the history take a while to draw
const NAME = "salinan-data-pribadi.pdf";

const form = select("form[data-hand-out]", document, HTMLFormElement);

/** @param {Blob} file */
function save(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = NAME;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function handOut() {
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  const answer = await fetch(form.action, {
    method: "POST",
    body,
    redirect: "manual", // a refusal is a redirect with a message, which the next page must show
    signal: AbortSignal.timeout(LONGEST_MS),
  });
  if (!answer.ok || answer.headers.get("Content-Type") !== "application/pdf") return location.reload();
  save(await answer.blob());
  location.assign(form.dataset.handOut ?? "");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  select("button", form, HTMLButtonElement).disabled = true;
  byId("hand-out").textContent = text("drawing");
  handOut().catch(() => {
    byId("hand-out").textContent = text("lost");
  });
});
