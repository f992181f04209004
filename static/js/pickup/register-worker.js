// Lets the service worker keep this page for when there is no network. Where browsers do not allow it (no secure context,
// private windows, old phones) the page works as before.

const WORKER = "/p/sw.js";
const SCOPE = "/p/";

/** Once per load, when the page has what it needs. */
export async function keepForLater() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const wasKept = navigator.serviceWorker.controller !== null; // then the worker has seen everything itself
  try {
    await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    const { active } = await navigator.serviceWorker.ready;
    if (!wasKept) active.postMessage({ page: location.pathname, assets: loaded() });
  } catch {
    // Then it is not kept.
  }
}

function loaded() {
  const addresses = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  return addresses.filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname);
}
