// Entry script. Without its modules a page cannot follow the lanes. When a module did not arrive the page is loaded again
// as soon as the server answers; until then the page's style sheet greys it out (body[data-live] is missing).

const RETRY_MS = 5000;

async function reloadWhenServerAnswers() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
  else setTimeout(reloadWhenServerAnswers, RETRY_MS);
}

addEventListener(
  "error",
  ({ target }) => target instanceof HTMLScriptElement && setTimeout(reloadWhenServerAnswers, RETRY_MS),
  true,
);
