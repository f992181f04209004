// Unfinished work of a tab: whose it is, and when it ends.

import assert from "node:assert/strict";
import test from "node:test";
import * as work from "../../static/js/window/kept-work.js";

const ANI = 4;
const BUDI = 5;
const DRAFT = { isOpen: true, collector: { name: "Contoh Kerabat" }, rows: { 1: { identity: "4821" } }, signature: {} };
const question = (key, id, staff = ANI) => ({ staff, visit: { id, queue_no: `A00${id}` }, body: { key }, since: 0 });

function useStorage() {
  const kept = new Map();
  globalThis.sessionStorage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
  return kept;
}

test("a draft is kept by visit and ends with it", () => {
  useStorage();
  work.keepDraft(ANI, 1, DRAFT);
  work.keepDraft(ANI, 2, { ...DRAFT, isOpen: false });
  assert.equal(work.draftOf(ANI, 1).rows[1].identity, "4821");
  work.forgetDraft(ANI, 1);
  assert.equal(work.draftOf(ANI, 1), null);
  assert.equal(work.draftOf(ANI, 2).isOpen, false);
});

test("another officer sees no draft, and a new one of theirs replaces it", () => {
  const kept = useStorage();
  work.keepDraft(ANI, 1, DRAFT);
  assert.equal(work.draftOf(BUDI, 1), null);
  work.keepDraft(BUDI, 2, DRAFT);
  assert.equal(work.draftOf(ANI, 1), null);
  assert.equal(JSON.parse(kept.get("ampera.drafts")).staff, BUDI);
});

test("an old draft is not offered", (context) => {
  useStorage();
  work.keepDraft(ANI, 1, DRAFT);
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() + 31 * 60_000 });
  assert.equal(work.draftOf(ANI, 1), null);
});

test("the collector of a vehicle is kept for its next books, for the same officer, and ends with the visit", () => {
  const kept = useStorage();
  work.keepDraft(ANI, 1, DRAFT);
  work.keepCollector(ANI, 1, { name: "Contoh Kerabat" });
  assert.equal(work.draftOf(ANI, 1), null);
  assert.equal(work.earlierCollector(ANI, 1).name, "Contoh Kerabat");
  assert.equal(work.earlierCollector(ANI, 2), null);
  assert.equal(work.earlierCollector(BUDI, 1), null);
  assert.equal(work.hasWork(ANI), false);
  work.forgetDraft(ANI, 1);
  assert.equal(kept.size, 0);
  work.keepCollector(ANI, 1, { name: "Contoh Kerabat" });
  work.forgetOthers(BUDI);
  assert.equal(kept.size, 0);
});

test("several questions are kept in a list, each until it is answered", () => {
  useStorage();
  for (const one of [question("a", 1), question("b", 2), question("b", 2)]) work.keepQuestion(one);
  assert.equal(work.pendingSubmission(ANI).body.key, "a");
  assert.equal(work.pendingSubmission(ANI, 2).body.key, "b");
  work.forgetQuestion("a");
  assert.equal(work.pendingSubmission(ANI).body.key, "b");
  work.forgetQuestion("b");
  assert.equal(work.pendingSubmission(ANI), null);
});

test("the next officer never sends the question of another one", () => {
  useStorage();
  work.keepQuestion(question("a", 1));
  assert.equal(work.pendingSubmission(BUDI), null);
  assert.deepEqual(work.foreignQuestions(BUDI), [{ staff: ANI, key: "a", queueNo: "A001" }]);
  assert.deepEqual(work.foreignQuestions(ANI), []);
});

test("a question of an older page, which names no officer, is asked about and not sent", () => {
  const kept = useStorage();
  kept.set("ampera.handover", JSON.stringify({ visit: { id: 1, queue_no: "A001" }, body: { key: "a" }, since: 0 }));
  assert.equal(work.pendingSubmission(ANI), null);
  assert.deepEqual(work.foreignQuestions(ANI), [{ staff: null, key: "a", queueNo: "A001" }]);
});

test("after the sign-out nothing personal is left, and the question can still be asked", () => {
  const kept = useStorage();
  work.keepDraft(ANI, 1, DRAFT);
  work.keepQuestion({ ...question("a", 1), body: { key: "a", signature: "data:", passports: [{ identity: "4821" }] } });
  assert.equal(work.hasWork(ANI), true);
  work.forgetWork();
  assert.doesNotMatch([...kept.values()].join(), /4821|Kerabat|data:/);
  assert.deepEqual(work.foreignQuestions(ANI), [{ staff: ANI, key: "a", queueNo: "A001" }]);
  assert.equal(work.hasWork(ANI), false);
});

test("the next officer's page leaves nothing personal of the one before", () => {
  const kept = useStorage();
  work.keepDraft(ANI, 1, DRAFT);
  work.keepQuestion({ ...question("a", 1), body: { key: "a", passports: [{ identity: "4821" }] } });
  work.forgetOthers(ANI);
  assert.equal(work.draftOf(ANI, 1).rows[1].identity, "4821");
  work.forgetOthers(BUDI);
  assert.doesNotMatch([...kept.values()].join(), /4821|Kerabat/);
  assert.deepEqual(work.foreignQuestions(BUDI), [{ staff: ANI, key: "a", queueNo: "A001" }]);
});

test("an empty form is no work", () => {
  useStorage();
  const row = { proof: "nik", identity: "", document: "", book: "", matched: [] };
  const empty = {
    collector: { class: "self", shown: [], name: "", document_last4: "" },
    rows: { 1: row },
    signature: { picture: null, reason: null },
  };
  work.keepDraft(ANI, 1, empty);
  assert.equal(work.hasWork(ANI), false);
  work.keepDraft(ANI, 1, { ...empty, rows: { 1: { ...row, book: "1234" } } });
  assert.equal(work.hasWork(ANI), true);
});

test("damaged storage is as good as none", () => {
  const kept = useStorage();
  kept.set("ampera.drafts", "{");
  kept.set("ampera.handover", "nonsense");
  assert.equal(work.draftOf(ANI, 1), null);
  assert.equal(work.pendingSubmission(ANI), null);
});
