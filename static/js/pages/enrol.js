// A screen comes to its right. A link's token behind # is handed in once; without one the page shows a one-time code and
// asks with its secret until somebody has confirmed it. The right itself is a cookie that no script can read.

import { age } from "../lib/clock.js";
import { NetworkLost, post } from "../lib/http.js";
import { keepAwake } from "../lib/wake-lock.js";

const BUSY_AGAIN_S = 20; // when too many screens wait already
const LOST_AGAIN_S = 3;
const DONE_SHOWN_S = 0.3;

const page = document.getElementById("enrol"); // the signboard loads this module too, for links to its address
const $ = (id) => document.getElementById(id);
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function enter(token) {
  history.replaceState(null, "", location.pathname + location.search); // the token leaves the address and the history
  const { ok, body } = await post("/board/enter", { token, ...here() });
  if (ok) return location.replace(body.path);
  $("refused")?.removeAttribute("hidden");
  if (page) waitForRight();
}

/** Where this page is: its browser will open the same address again. */
function here() {
  const { office, lane, site } = page?.dataset ?? {};
  return { ...(office && { office }), ...(lane && { lane: Number(lane) }), ...(site && { site }) };
}

async function waitForRight() {
  keepAwake();
  for (;;) {
    const knocked = await patiently(() => post("/board/knock"));
    if (!knocked.ok) {
      show("busy");
      await pause(BUSY_AGAIN_S);
      continue;
    }
    const path = await confirmed(knocked.body);
    if (path) return go(path);
  }
}

/** Shows the code until it is confirmed (the way to go) or used up (null: a new one is due). */
async function confirmed({ code, secret, expires_in_s }) {
  const endsAt = performance.now() + expires_in_s * 1000;
  const tick = () => countDown(Math.max(0, (endsAt - performance.now()) / 1000));
  showCode(code);
  tick();
  const ticking = setInterval(tick, 1000);
  try {
    for (;;) {
      await pause(Number(page.dataset.askEvery));
      const { ok, status, body } = await patiently(() => post("/board/collect", { secret, ...here() }));
      if (ok && body.state === "enrolled") return body.path;
      if (!ok && status !== 429) return null;
    }
  } finally {
    clearInterval(ticking);
  }
}

/** The answer, however long the server takes to come back; meanwhile the page says that it cannot reach it. */
async function patiently(ask) {
  for (;;) {
    try {
      const answer = await ask();
      lost(false);
      if (answer.status < 500) return answer;
    } catch (error) {
      if (!(error instanceof NetworkLost)) throw error;
    }
    lost(true);
    await pause(LOST_AGAIN_S);
  }
}

function lost(isLost) {
  $("lost").hidden = !isLost;
  $("code").dataset.stale = isLost;
}

function showCode(code) {
  const [first, second] = code
    .split("-")
    .map((group) => Object.assign(document.createElement("span"), { textContent: group }));
  const dash = Object.assign(document.createElement("span"), { textContent: "-", className: "enrol__dash" });
  $("code").replaceChildren(first, dash, second);
  show("code");
}

function show(part) {
  page.dataset.state = part;
  for (const one of ["code", "busy", "done"]) $(one).hidden = one !== part;
  $("left").hidden = part !== "code";
}

function countDown(seconds) {
  $("left-time").textContent = age(Math.ceil(seconds));
}

async function go(path) {
  show("done");
  await pause(DONE_SHOWN_S);
  location.replace(path);
}

const token = new URLSearchParams(location.hash.slice(1)).get("token");
if (token) enter(token);
else if (page) waitForRight();
