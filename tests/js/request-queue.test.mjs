// Acts and scans over HTTP, with a fetch that the test answers.

import assert from "node:assert/strict";
import test from "node:test";
import { usePage } from "./page.mjs";

usePage({});
const { RequestQueue } = await import("../../static/js/lane/request-queue.js");
const { newScan, send } = await import("../../static/js/lane/scan.js");

/** Answer each request by `reply(request, n)`: {status, body}, or an error to throw. Returns the list of requests. */
function answer(reply) {
  const requests = [];
  globalThis.HTMLMetaElement = class {};
  globalThis.fetch = async (path, { method, body }) => {
    const request = { path, method, body: body && JSON.parse(body) };
    requests.push(request);
    const { status = 200, body: content = {} } = reply(request, requests.length);
    if (status === 0) throw new TypeError("network");
    return new Response(JSON.stringify(content), { status });
  };
  return requests;
}

/** The banner that offers the way out. */
function pageWithLateBanner() {
  usePage({ late: { hidden: true } });
  const late = document.getElementById("late");
  const parts = { "[data-age]": new HTMLElement(), button: new HTMLElement() };
  late.querySelector = (selector) => parts[selector];
  return Object.assign(late, { age: parts["[data-age]"], button: parts.button });
}

/** A queue with the list of what it reported. */
function watchedQueue() {
  const reports = [];
  const queue = new RequestQueue({
    onBusy: (isBusy) => reports.push(isBusy),
    onRefused: (sentence) => sentence && reports.push(sentence),
  });
  return { queue, reports };
}

test("the same act is sent once, and another one waits for its turn", async () => {
  const requests = answer(({ path }) => ({ body: { made: path } }));
  const { queue, reports } = watchedQueue();
  const answers = await Promise.all(["/call", "/call", "/serve"].map((path) => queue.send(path, {})));
  assert.deepEqual(answers, [{ made: "/call" }, null, { made: "/serve" }]);
  assert.deepEqual(
    requests.map(({ path }) => path),
    ["/call", "/serve"],
  );
  assert.deepEqual(reports, [true, false, true, false]);
});

test("a refusal reports the server's sentence and leaves the queue usable", async () => {
  answer((_, n) => (n === 1 ? { status: 409, body: { error: { message: "Sudah dilayani." } } } : { body: { ok: 1 } }));
  const { queue, reports } = watchedQueue();
  assert.equal(await queue.send("/serve", {}), null);
  assert.deepEqual(await queue.send("/serve", {}), { ok: 1 });
  assert.deepEqual(reports, [true, "Sudah dilayani.", false, true, false]);
});

test("a lost answer to a call is reported as unanswered, and the call is not sent again", async () => {
  const requests = answer(() => ({ status: 0 }));
  const { queue, reports } = watchedQueue();
  assert.equal(await queue.send("/lanes/1/next", {}), null);
  assert.deepEqual(reports, [true, "unanswered", false]);
  assert.equal(requests.length, 1);
});

test("an act that may be repeated is sent again with more time each turn until it is answered", async (context) => {
  context.mock.method(globalThis, "setTimeout", setImmediate); // no waiting between the attempts
  const timeouts = [];
  context.mock.method(AbortSignal, "timeout", (ms) => {
    timeouts.push(ms);
    return new AbortController().signal;
  });
  answer((_, n) => (n < 5 ? { status: n === 2 ? 503 : 0 } : { body: { ok: 1 } }));
  const { queue, reports } = watchedQueue();
  assert.deepEqual(await queue.send("/visits/7/serve", {}), { ok: 1 });
  assert.deepEqual(timeouts, [5000, 8000, 13_000, 20_000, 20_000]);
  assert.deepEqual(reports, [true, false]);
});

test("an act that must not be repeated has the longest time at once", async (context) => {
  const timeouts = [];
  context.mock.method(AbortSignal, "timeout", (ms) => {
    timeouts.push(ms);
    return new AbortController().signal;
  });
  answer(() => ({ status: 503, body: { error: { message: "Coba lagi." } } }));
  const { queue, reports } = watchedQueue();
  await queue.send("/visits/7/recall", {});
  assert.deepEqual(timeouts, [20_000]);
  assert.deepEqual(reports, [true, "Coba lagi.", false]);
});

test("an officer who stops waiting gets the tablet back, and the sentence that nothing is known", async (context) => {
  const late = pageWithLateBanner();
  context.mock.timers.enable({ apis: ["setInterval"] });
  let clock = 0;
  context.mock.method(performance, "now", () => clock);
  globalThis.HTMLMetaElement = class {};
  globalThis.fetch = () => new Promise(() => {});
  const { queue, reports } = watchedQueue();
  const sent = queue.send("/visits/7/serve", {});
  await new Promise(setImmediate);
  const shown = [4, 6].map((seconds) => {
    clock = seconds * 1000;
    context.mock.timers.tick(500);
    return late.hidden;
  });
  assert.deepEqual(shown, [true, false]);
  assert.equal(late.age.textContent, "6 dtk");
  late.button.onclick();
  assert.equal(await sent, null);
  assert.deepEqual(reports, [true, "unanswered", false]);
  assert.equal(late.hidden, true);
});

test("an act without a body deletes", async () => {
  const requests = answer(() => ({}));
  await watchedQueue().queue.send("/pickups/1", null);
  assert.equal(requests[0].method, "DELETE");
});

test("an unanswered scan is sent again with its own id", async (context) => {
  context.mock.method(globalThis, "setTimeout", setImmediate); // no waiting between the attempts
  const requests = answer((_, n) => (n < 3 ? { status: n === 1 ? 0 : 503 } : { body: { verdict: "ok" } }));
  let unanswered = 0;
  const { body } = await send(newScan(2, "SABCODE"), { onUnanswered: () => unanswered++ });
  assert.deepEqual(body, { verdict: "ok" });
  assert.equal(new Set(requests.map(({ body: scan }) => scan.scan_id)).size, 1);
  assert.deepEqual([requests.length, unanswered], [3, 2]);
});

test("a scan carries the lane, at most 512 characters, and what is known of the vehicle", () => {
  const scan = newScan(2, "X".repeat(600), { kind: "car" });
  assert.match(scan.scan_id, /^[0-9a-f-]{36}$/);
  assert.deepEqual({ ...scan, scan_id: "" }, { scan_id: "", lane: 2, input: "X".repeat(512), kind: "car" });
});
