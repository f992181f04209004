// The service worker of the applicants' pages. It keeps the pages behind a link and their assets, nothing else. The network
// comes first, a kept page carries in <body data-kept> the time when it was kept, and a page that is gone is forgotten.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const PAGES = "ampera-pages-1";
const ASSETS = "ampera-assets-1";
const KEPT_AT = "X-Kept-At";
const PATIENCE_MS = 4000; // after which a page that is kept is better than waiting
const GONE = [404, 410];
const PAGE = /^\/p\/[0-9A-Za-z]{26}$/;
const ASSET = /^\/static\/([0-9a-f]+)\//;

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(Promise.all([dropOldCaches(), worker.clients.claim()])));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (ASSET.test(pathname)) event.respondWith(asset(request));
  else if (PAGE.test(pathname))
    event.respondWith(request.mode === "navigate" ? page(event, pathname) : fresh(request, pathname));
});

/** From a page that was open before this worker: `page` is its path, `assets` are the paths of what it has loaded. */
worker.addEventListener("message", (event) => {
  const { page = "", assets = [] } = event.data ?? {};
  const wanted = assets.filter((/** @type {string} */ path) => ASSET.test(path)).map(keepAsset);
  if (PAGE.test(page)) wanted.push(fresh(new Request(page, { headers: { Accept: "text/html" } }), page));
  event.waitUntil(Promise.allSettled(wanted));
});

/**
 * The page from the network; when the network is slow or gone, the kept one.
 * @param {FetchEvent} event
 * @param {string} path
 */
async function page(event, path) {
  const answer = fresh(event.request, path);
  event.waitUntil(answer.catch(() => {})); // a late answer is still kept
  const kept = await keptPage(path);
  if (!kept) return answer;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
  const first = await Promise.race([answer.catch(() => null), late]);
  return first && first.status < 500 ? first : kept;
}

/**
 * The present answer of the server. A good page replaces the kept one; after a page that is gone it is forgotten.
 * @param {Request} request
 * @param {string} path
 */
async function fresh(request, path) {
  const response = await fetch(request);
  if (GONE.includes(response.status)) await forget(path);
  else if (response.ok) await keep(path, response.clone());
  return response;
}

/**
 * @param {string} path
 * @param {Response} response
 */
async function keep(path, response) {
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.set(KEPT_AT, new Date().toISOString());
  const body = await response.text();
  const pages = await caches.open(PAGES);
  await pages.put(path, new Response(body, { headers }));
  await dropUnused(pages);
}

/** @param {string} path */
async function forget(path) {
  const pages = await caches.open(PAGES);
  if (await pages.delete(path)) await dropUnused(pages);
}

/** @param {string} path */
async function keptPage(path) {
  const found = await (await caches.open(PAGES)).match(path);
  if (!found) return null;
  const html = await found.text();
  const { headers } = found;
  return new Response(html.replace("<body", `<body data-kept="${headers.get(KEPT_AT)}"`), { headers });
}

/**
 * Addresses of static files change with their content: a kept file never gets out of date.
 * @param {Request} request
 */
async function asset(request) {
  const assets = await caches.open(ASSETS);
  const found = await assets.match(request, { ignoreVary: true });
  if (found) return found;
  const response = await fetch(request);
  if (response.status === 200) await assets.put(request, response.clone());
  return response;
}

/** @param {string} path */
async function keepAsset(path) {
  const assets = await caches.open(ASSETS);
  if (!(await assets.match(path))) await assets.add(path);
}

/**
 * Delete files of versions that no kept page uses any more.
 * @param {Cache} pages
 */
async function dropUnused(pages) {
  const used = new Set();
  for (const page of await pages.matchAll())
    for (const [, version] of (await page.text()).matchAll(/\/static\/([0-9a-f]+)\//g)) used.add(version);
  const assets = await caches.open(ASSETS);
  for (const request of await assets.keys()) {
    const [, version] = ASSET.exec(new URL(request.url).pathname) ?? [];
    if (!used.has(version)) await assets.delete(request);
  }
}

/** Delete the caches of older workers of this product. */
async function dropOldCaches() {
  const names = (await caches.keys()).filter((name) => name.startsWith("ampera-") && ![PAGES, ASSETS].includes(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}
