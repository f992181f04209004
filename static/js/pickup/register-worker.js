// Lets the service worker keep this page for times without a network. Where browsers do not allow that (no secure context,
// private windows, old phones) the page works without it.

const WORKER = "/p/sw.js";
const SCOPE = "/p/";

/** Once per load, when the page has everything that it needs. */
export async function keepForLater() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const wasKept = navigator.serviceWorker.controller !== null; // then the worker has seen all requests itself
  try {
    await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    const { active } = await navigator.serviceWorker.ready;
    if (!wasKept) active?.postMessage({ page: location.pathname, assets: loadedPaths() });
  } catch {
    // Then it is not kept.
  }
}

function loadedPaths() {
  const addresses = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  return addresses.filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname);
}
