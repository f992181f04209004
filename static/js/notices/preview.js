// What people would read, drawn by the server a moment after the last key. An answer that came too late is left out.

const PAUSE_MS = 300;
const TIMEOUT_MS = 8000;

/** Keep `#preview` true to the form; without scripts its button does the same. */
export function keepPreview(form) {
  const shown = document.getElementById("preview");
  const lost = document.getElementById("preview-lost");
  let timer;
  let newest = 0;
  form.querySelector('[value="preview"]').hidden = true;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE_MS);
  });

  async function draw() {
    const mine = ++newest;
    const drawn = await asked(form);
    if (mine !== newest) return;
    lost.hidden = drawn !== null;
    if (drawn !== null) shown.replaceChildren(...drawn);
  }
}

/** The elements of the preview, or null when the server cannot be asked. */
async function asked(form) {
  try {
    const answer = await fetch(form.dataset.preview, {
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
