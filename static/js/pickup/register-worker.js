// Lets the service worker keep this page for times without a network. Where browsers do not allow that (no secure context,
// private windows, old phones) the page works without it.

const WORKER = "/p/sw.js";
const SCOPE = "/p/";
const STATIC = "/static/";

/** Once per load, when the page has everything that it needs. */
export async function keepForLater() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const wasKept = navigator.serviceWorker.controller !== null; // then the worker has seen all requests itself
  try {
    await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    const { active } = await navigator.serviceWorker.ready;
    if (wasKept || !active) return;
    active.postMessage({ page: location.pathname });
    reportLoaded((assets) => active.postMessage({ assets }));
  } catch {
    // Then it is not kept.
  }
}

/** Also what is still under way: it was requested before the worker could see it. @param {(paths: string[]) => void} report */
function reportLoaded(report) {
  const observer = new PerformanceObserver((list) => {
    const addresses = list.getEntries().map(({ name }) => new URL(name));
    const own = addresses.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith(STATIC));
    if (own.length) report(own.map(({ pathname }) => pathname)); // a question to the server wakes no worker
  });
  observer.observe({ type: "resource", buffered: true });
}
