// A scan that the server is slow to answer, or never answers.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { GivenUp, newLookup, newScan, send } from "../../static/js/lane/scan.js";
import { usePage } from "./page.mjs";

const CODE = `SAB${"7".repeat(26)}`;
const UNAVAILABLE = { ok: false, status: 503 };
const OK = { ok: true, status: 200 };

beforeEach(() => {
  usePage({});
  globalThis.HTMLMetaElement = class {};
});

/** Answer requests in turn; what was sent, with the time that each was given. */
function useServer(context, answers) {
  const sent = [];
  context.mock.method(AbortSignal, "timeout", (ms) => {
    sent.push({ ms });
    return new AbortController().signal;
  });
  context.mock.method(globalThis, "fetch", async (path, { body }) => {
    Object.assign(sent.at(-1), JSON.parse(body), { path });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (answer === "lost") throw new DOMException("", "TimeoutError");
    if (answer === "never") await new Promise(() => {});
    return { ...answer, text: async () => "{}" };
  });
  context.mock.method(globalThis, "setTimeout", (resume) => queueMicrotask(resume));
  return sent;
}

const live = () => new AbortController().signal;

test("a scan without an answer is sent again with its id and more time each turn", async (context) => {
  const sent = useServer(context, ["lost", UNAVAILABLE, { ok: false, status: 504 }, "lost", "lost", OK]);
  let turns = 0;
  const scan = newScan(1, CODE);
  const answer = await send(scan, { onUnanswered: () => turns++, signal: live() });
  assert.equal(answer.status, 200);
  assert.equal(turns, 5);
  assert.deepEqual(
    sent.map(({ ms }) => ms),
    [5000, 8000, 13_000, 20_000, 20_000, 20_000],
  );
  assert.deepEqual(new Set(sent.map(({ scan_id: id }) => id)), new Set([scan.scan_id]));
});

test("a scan that is given up ends at once, though its request is under way", async (context) => {
  useServer(context, ["never"]);
  const given = new AbortController();
  const answer = send(newScan(1, CODE), { onUnanswered: assert.fail, signal: given.signal });
  given.abort();
  assert.equal(await answer, null);
});

test("a refusal is an answer", async (context) => {
  useServer(context, [{ ok: false, status: 409 }]);
  const answer = await send(newScan(1, CODE), { onUnanswered: assert.fail, signal: live() });
  assert.equal(answer.status, 409);
});

test("the code that was given up is scanned again with the same id", () => {
  const givenUp = new GivenUp(() => 0);
  const first = newScan(1, CODE, { kind: "car" });
  givenUp.keep(first);
  assert.equal(givenUp.repeated(newScan(1, CODE, { kind: "car" })).scan_id, first.scan_id);
  const later = newScan(1, CODE, { kind: "car" });
  assert.equal(givenUp.repeated(later), later, "that answer came");
});

test("a lookup is repeated like a scan, at its own address and with its own id", async (context) => {
  const sent = useServer(context, ["lost", OK]);
  const asked = { application_no: "123456", birth_date: "1990-11-24" };
  const lookup = newLookup(1, asked);
  const answer = await send(lookup, { onUnanswered: () => {}, signal: live() });
  assert.equal(answer.status, 200);
  assert.deepEqual(
    sent.map(({ path, lookup_id: id }) => [path, id]),
    Array(2).fill(["/api/v1/lookups", lookup.lookup_id]),
  );
  const givenUp = new GivenUp(() => 0);
  givenUp.keep(lookup);
  assert.equal(givenUp.repeated(newLookup(1, asked)).lookup_id, lookup.lookup_id);
  givenUp.keep(lookup);
  const other = newLookup(1, { ...asked, birth_date: "1990-11-25" });
  assert.equal(givenUp.repeated(other), other);
});

test("another code, another vehicle or a later scan has an id of its own", () => {
  let now = 0;
  const givenUp = new GivenUp(() => now);
  for (const other of [newScan(1, "7KQ4-M2XR"), newScan(1, CODE, { visit_id: 7 }), newScan(2, CODE)]) {
    givenUp.keep(newScan(1, CODE));
    assert.equal(givenUp.repeated(other), other);
  }
  givenUp.keep(newScan(1, CODE));
  now = 121_000;
  const late = newScan(1, CODE);
  assert.equal(givenUp.repeated(late), late);
});
