// Entry module. A screen gets its right: the token behind # of a link is handed in once; without a token the page shows a
// one-time code and polls with its secret until somebody has confirmed the code. The right itself is a cookie that no script
// can read.

import { age } from "../lib/clock.js";
import { byId } from "../lib/dom.js";
import { answerOrNull, post } from "../lib/http.js";
import { keepAwake } from "../lib/wake-lock.js";

const BUSY_RETRY_S = 20; // when too many screens wait already
const LOST_RETRY_S = 3;
const DONE_SHOWN_S = 0.3;

/** @typedef {import("../lib/http.js").Answer} Answer */
/** @typedef {{code: string, secret: string, expires_in_s: number}} Enrolment */

/** The page of the one-time code. The signboard loads this module too, for links to its address; it has no such page. */
const page = document.getElementById("enrol");

/** @param {string} token */
async function enter(token) {
  history.replaceState(null, "", location.pathname + location.search); // the token leaves the address and the history
  const { ok, body } = await post("/board/enter", { token, ...placeOfPage() });
  if (ok) return location.replace(body.path);
  document.getElementById("refused")?.removeAttribute("hidden");
  if (page) waitForRight(page);
}

/** The place of this page: its browser will open the same address again. */
function placeOfPage() {
  const { office, lane, site } = page?.dataset ?? {};
  return { ...(office && { office }), ...(lane && { lane: Number(lane) }), ...(site && { site }) };
}

/** @param {HTMLElement} page */
async function waitForRight(page) {
  keepAwake();
  for (;;) {
    const enrolment = await untilAnswered(() => post("/board/knock"));
    if (!enrolment.ok) {
      show(page, "busy");
      await pause(BUSY_RETRY_S);
      continue;
    }
    const path = await confirmedPath(page, enrolment.body);
    if (path) return open(page, path);
  }
}

/**
 * Show the code until it is confirmed (resolves to the path of the screen) or expired (null: a new one is due).
 * @param {HTMLElement} page
 * @param {Enrolment} enrolment
 * @returns {Promise<string | null>}
 */
async function confirmedPath(page, { code, secret, expires_in_s }) {
  const endsAt = performance.now() + expires_in_s * 1000;
  const tick = () => showTimeLeft(Math.max(0, (endsAt - performance.now()) / 1000));
  showCode(page, code);
  tick();
  const ticking = setInterval(tick, 1000);
  try {
    for (;;) {
      await pause(Number(page.dataset.askEvery));
      const { ok, status, body } = await untilAnswered(() => post("/board/collect", { secret, ...placeOfPage() }));
      if (ok && body.state === "enrolled") return body.path;
      if (!ok && status !== 429) return null;
    }
  } finally {
    clearInterval(ticking);
  }
}

/**
 * The answer, however long the server takes to return; meanwhile the page shows that the server cannot be reached.
 * @param {() => Promise<Answer>} request
 */
async function untilAnswered(request) {
  for (;;) {
    const answer = await answerOrNull(request());
    const isAnswered = answer !== null && answer.status < 500;
    showLost(!isAnswered);
    if (isAnswered) return answer;
    await pause(LOST_RETRY_S);
  }
}

/** @param {boolean} isLost */
function showLost(isLost) {
  byId("lost").hidden = !isLost;
  byId("code").dataset.stale = String(isLost);
}

/**
 * @param {HTMLElement} page
 * @param {string} code two groups and a dash
 */
function showCode(page, code) {
  const [first, second] = code
    .split("-")
    .map((group) => Object.assign(document.createElement("span"), { textContent: group }));
  const dash = Object.assign(document.createElement("span"), { textContent: "-", className: "enrol__dash" });
  byId("code").replaceChildren(first, dash, second);
  show(page, "code");
}

/**
 * @param {HTMLElement} page
 * @param {"code" | "busy" | "done"} part
 */
function show(page, part) {
  page.dataset.state = part;
  for (const id of ["code", "busy", "done"]) byId(id).hidden = id !== part;
  byId("left").hidden = part !== "code";
}

/** @param {number} seconds */
function showTimeLeft(seconds) {
  byId("left-time").textContent = age(Math.ceil(seconds));
}

/**
 * @param {HTMLElement} page
 * @param {string} path
 */
async function open(page, path) {
  show(page, "done");
  await pause(DONE_SHOWN_S);
  location.replace(path);
}

/** @param {number} seconds */
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const token = new URLSearchParams(location.hash.slice(1)).get("token");
if (token) enter(token);
else if (page) waitForRight(page);
