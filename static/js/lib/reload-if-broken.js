// Without its scripts a page cannot follow the lanes. When one did not arrive the page is loaded again as soon as the
// server answers; until then its style sheet turns it grey (body[data-live] is missing).

const AGAIN_MS = 5000;

addEventListener("error", ({ target }) => target instanceof HTMLScriptElement && setTimeout(again, AGAIN_MS), true);

async function again() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
  else setTimeout(again, AGAIN_MS);
}
