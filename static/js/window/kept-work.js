// Unfinished work of this tab: rows, collector and signature of a form by visit, and handovers without an answer. It survives
// a step back, a reload and a session that ends, for the same officer only. It ends with the visit and at the sign-out.

const DRAFTS_KEY = "ampera.drafts";
const QUESTIONS_KEY = "ampera.handover";
const KEPT_MS = 30 * 60 * 1000; // an older draft belongs to another vehicle's day

/** @typedef {{staff: number, visits: Record<string, FormDraft>, earlier?: Record<string, EarlierCollector>}} Drafts */
/** @typedef {{staff: number | null, key: string, queueNo: string}} OpenQuestion a handover whose answer nobody has heard */

/** @param {number} staff @param {number} visitId @returns {FormDraft | null} */
export function draftOf(staff, visitId) {
  return stillKept(draftsOf(staff).visits[visitId]);
}

/** @param {number} staff @param {number} visitId @param {Omit<FormDraft, "at">} draft */
export function keepDraft(staff, visitId, draft) {
  const drafts = draftsOf(staff);
  drafts.visits[visitId] = { ...draft, at: Date.now() };
  storeDrafts(drafts);
}

/**
 * Who has collected books of this visit before, at this tablet; null for another officer.
 * @param {number} staff
 * @param {number} visitId
 * @returns {EarlierCollector | null}
 */
export function earlierCollector(staff, visitId) {
  return stillKept(draftsOf(staff).earlier?.[visitId]);
}

/**
 * A handover of this visit is recorded, and other books are left: its form goes, and its collector may come again.
 * @param {number} staff
 * @param {number} visitId
 * @param {Omit<EarlierCollector, "at">} collector
 */
export function keepCollector(staff, visitId, collector) {
  const drafts = draftsOf(staff);
  delete drafts.visits[visitId];
  storeDrafts({ ...drafts, earlier: { ...drafts.earlier, [visitId]: { ...collector, at: Date.now() } } });
}

/** The visit is over: neither a form nor a collector of it is left. @param {number} staff @param {number} visitId */
export function forgetDraft(staff, visitId) {
  const drafts = draftsOf(staff);
  delete drafts.visits[visitId];
  delete drafts.earlier?.[visitId];
  storeDrafts(drafts);
}

/** Whether something would be lost at a sign-out. @param {number} staff */
export function hasWork(staff) {
  return Object.values(draftsOf(staff).visits).some(hasContent) || questions().some(({ body }) => body);
}

/** A form in which only the class of the collector is chosen is no work. @param {FormDraft} draft */
export function hasContent({ collector, rows, signature }) {
  const isTyped = Object.values(rows).some(({ identity, book }) => identity || book);
  const isNamed = collector.name || collector.document_last4 || collector.shown.length > 0;
  return Boolean(isNamed || isTyped || signature.picture || signature.reason);
}

/** Nothing personal stays in the tab; of a question only what is needed to ask whether it was recorded. */
export function forgetWork() {
  sessionStorage.removeItem(DRAFTS_KEY);
  storeQuestions(questions().map(nameless));
}

/** Another officer works in this tab now: what is personal of the one before goes. @param {number} staff */
export function forgetOthers(staff) {
  if (read(DRAFTS_KEY)?.staff !== staff) sessionStorage.removeItem(DRAFTS_KEY);
  storeQuestions(questions().map((question) => (question.staff === staff ? question : nameless(question))));
}

/**
 * The first handover of this officer that has no answer yet, of this visit or of any.
 * @param {number} staff
 * @param {number} [visitId]
 * @returns {PendingSubmission | null}
 */
export function pendingSubmission(staff, visitId) {
  const own = questions().filter((question) => question.body && question.staff === staff);
  return own.find(({ visit }) => visitId === undefined || visit.id === visitId) ?? null;
}

/**
 * Questions that this officer may only ask about, never send: of another officer, or from before a sign-out.
 * @param {number} staff
 */
export function foreignQuestions(staff) {
  const foreign = questions().filter((question) => !question.body || question.staff !== staff);
  return foreign.map(namesOf);
}

/** @param {PendingSubmission} question */
export function keepQuestion(question) {
  storeQuestions([...questions().filter((other) => keyOf(other) !== keyOf(question)), question]);
}

/** @param {string} key */
export function forgetQuestion(key) {
  storeQuestions(questions().filter((question) => keyOf(question) !== key));
}

/** @param {number} staff @returns {Drafts} */
function draftsOf(staff) {
  const kept = read(DRAFTS_KEY);
  return kept?.staff === staff ? kept : { staff, visits: {} };
}

/** @param {Drafts} drafts */
function storeDrafts(drafts) {
  const kept = Object.keys({ ...drafts.visits, ...drafts.earlier }).length > 0;
  if (kept) sessionStorage.setItem(DRAFTS_KEY, JSON.stringify(drafts));
  else sessionStorage.removeItem(DRAFTS_KEY);
}

/**
 * @template {{at: number}} T
 * @param {T | undefined} kept
 */
const stillKept = (kept) => (kept && Date.now() - kept.at < KEPT_MS ? kept : null);

/** @returns {any[]} an older page kept one question instead of a list */
function questions() {
  const kept = read(QUESTIONS_KEY);
  return kept === null ? [] : [kept].flat();
}

/** @param {any[]} list */
function storeQuestions(list) {
  if (list.length) sessionStorage.setItem(QUESTIONS_KEY, JSON.stringify(list));
  else sessionStorage.removeItem(QUESTIONS_KEY);
}

/** @param {any} question */
const keyOf = (question) => question.body?.key ?? question.key;

/** @param {any} question */
const nameless = (question) => ({ ...namesOf(question), body: null });

/** @param {any} question @returns {OpenQuestion} */
function namesOf(question) {
  const queueNo = question.visit?.queue_no ?? question.queueNo;
  return { staff: question.staff ?? null, key: keyOf(question), queueNo };
}

/** @param {string} name */
function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
