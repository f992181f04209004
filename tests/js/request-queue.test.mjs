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

test("a lost answer is reported as unanswered", async () => {
  answer(() => ({ status: 0 }));
  const { queue, reports } = watchedQueue();
  assert.equal(await queue.send("/serve", {}), null);
  assert.deepEqual(reports, [true, "unanswered", false]);
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
