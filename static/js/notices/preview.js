// What applicants would read, rendered by the server a moment after the last key. An answer that came too late is dropped.

import { byId, select } from "../lib/dom.js";

const PAUSE_MS = 300;
const TIMEOUT_MS = 8000;

/** Keep `#preview` up to date with the form; without scripts the form's button does the same. @param {HTMLFormElement} form */
export function keepPreview(form) {
  let timer = 0;
  let newest = 0;
  select('[value="preview"]', form).hidden = true;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE_MS);
  });

  async function draw() {
    const turn = ++newest;
    const elements = await render(form);
    if (turn !== newest) return;
    byId("preview-lost").hidden = elements !== null;
    if (elements !== null) byId("preview").replaceChildren(...elements);
  }
}

/** The elements of the preview, or null when the server did not answer. @param {HTMLFormElement} form */
async function render(form) {
  try {
    const answer = await fetch(form.dataset.preview ?? "", {
      method: "POST",
      body: new FormData(form),
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.body.children];
  } catch {
    return null;
  }
}
