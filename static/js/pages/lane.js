// The tablet of one lane: scan -> verdict -> serve -> window, with the queue beside it. Sockets bring the state,
// every act goes over HTTP; while the link is lost nothing can be done and nothing looks done.

import { NetworkLost, post } from "../lib/http.js";
import { keepAwake } from "../lib/awake.js";
import { connect } from "../lib/connection.js";
import { play, unlockOnGesture } from "../lib/sounds.js";
import { text } from "../lib/texts.js";
import { eye } from "../lane/eye.js";
import { queue } from "../lane/queue.js";
import { newScan, send } from "../lane/scan.js";
import { showLink, showScreen } from "../lane/signals.js";
import { busy, cover, grey, uncover } from "../lane/stage.js";
import { checkingElement, refusalElement, verdictElement } from "../lane/verdict.js";
import { wedge } from "../lane/wedge.js";
import { openWindow } from "../window/window.js";
import { keptQuestion } from "../window/question.js";

const SLOW_MS = 300; // an answer that takes longer is announced as "checking"
const FULL_CODE = /SAB[0-9A-Z]{26}$/i; // a wedge typed into the field, perhaps behind what stood there

const $ = (id) => document.getElementById(id);
const page = $("main").dataset;
const lane = { number: Number(page.lane), kind: page.laneKind };

let isLost = false;
let isChecking = false;
let isMoving = false;
let isWindowOpen = false;
let isFirstState = true;
let adding = null; // {visit, isFromWindow}: the next code joins this car

const scanner = eye({ onCode: (code) => scan(code) });
const line = queue(lane, { onCallNext: callNext, onCall: (visit) => move(visit, "call"), onMove: move });
const news = connect({
  namespace: "/lane",
  auth: { lane: lane.number },
  path: `/api/v1/lanes/${lane.number}/state`,
  onState,
  onAge,
});

wedge({ onCode: (code) => scan(code), isActive: () => !isWindowOpen });
$("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = $("code").value.trim();
  if (typed) scan(typed.match(FULL_CODE)?.[0] ?? typed, { isTyped: true });
  else $("code").focus();
});
$("stop-adding").addEventListener("click", () => stopAdding());
unlockOnGesture();
keepAwake();
scanner.open();
setInterval(line.tick, 1000);
const unanswered = keptQuestion(); // from before a reload: first of all the window asks whether it was recorded
if (unanswered) openVisit(unanswered.visit);

function onState(state) {
  line.show(state);
  showScreen(state.screen);
  $("closed").hidden = state.open;
  const { current } = state;
  if (isFirstState && !unanswered && current?.state === "serving" && current.claim?.mine) openVisit(current);
  isFirstState = false;
}

function onAge(seconds, isStale) {
  showLink(seconds, isStale);
  if (isStale === isLost) return;
  isLost = isStale;
  grey(isLost);
  line.lost(isLost);
  scanner.lost(isLost);
  if (isLost) showScreen(null);
  document.dispatchEvent(new CustomEvent("link", { detail: { isLost } }));
}

async function scan(input, { isTyped = false } = {}) {
  if (isLost || isChecking || isWindowOpen) return scanner.forget();
  isChecking = true;
  refuse("");
  const showChecking = () => isChecking && cover(checkingElement());
  const slow = setTimeout(showChecking, SLOW_MS);
  const answer = await send(newScan(lane.number, input, adding?.visit.id), { onUnanswered: showChecking });
  clearTimeout(slow);
  isChecking = false;
  show(answer, isTyped);
}

function show({ ok, body }, isTyped) {
  const onAct = (act) => acts[act](body.visit);
  if (!ok) {
    play("stop");
    return cover(refusalElement(sentence(body), { onAct }), { isTyped });
  }
  play(body.verdict === "repeat" ? "repeat" : body.tone);
  cover(verdictElement(body, { timezone: page.timezone, onAct }), { isTyped });
  if (isTyped) $("code").value = "";
  if (body.tone === "go") endAdding();
  document.title = `${text("lane")} ${lane.number}: ${body.title}`;
}

const acts = {
  serve: (visit) => move(visit, "serve"),
  call: (visit) => move(visit, "call"),
  inside: (visit) => (visit ? move(visit, "divert") : uncover()),
  supervisor: () => uncover(),
  rescan: () => uncover(),
  type: () => uncover({ focus: true }),
  add: (visit) => add(visit, false),
};

async function callNext() {
  if (await act(`/api/v1/lanes/${lane.number}/next`, {})) uncover();
}

async function move(visit, name) {
  const body = name === "divert" || name === "no-show" ? {} : { lane: lane.number };
  const moved = await act(`/api/v1/visits/${visit.id}/${name}`, body);
  if (!moved) return;
  if (name === "serve") openVisit(moved);
  else uncover();
}

/** One act at a time; a refusal is said beside the queue. Returns the visit or null. */
async function act(path, body) {
  if (isMoving || isLost) return null;
  isMoving = true;
  busy(true);
  refuse("");
  try {
    const answer = await post(path, body);
    if (!answer.ok) refuse(sentence(answer.body));
    return answer.ok ? answer.body : null;
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    refuse(text("unanswered"));
    return null;
  } finally {
    isMoving = false;
    busy(false);
    news.refresh();
  }
}

function refuse(said) {
  $("refusal").hidden = !said;
  $("refusal").querySelector("[data-word]").textContent = said;
}

function sentence(body) {
  return body?.error?.message ?? text("unanswered");
}

function openVisit(visit) {
  showWindow(true);
  openWindow($("window"), {
    visit,
    lane: lane.number,
    nextNo: line.nextNo,
    onDone: () => showWindow(false),
    onCallNext() {
      showWindow(false);
      callNext();
    },
    onAddCode: (served) => add(served, true),
  });
}

function showWindow(isSo) {
  isWindowOpen = isSo;
  endAdding();
  uncover();
  $("scanner").hidden = isSo;
  $("window").hidden = !isSo;
  $("place").textContent = isSo ? $("place").dataset.window : $("place").dataset.scan;
  if (isSo) scanner.close();
  else scanner.open();
  news.refresh();
}

/** The next code joins this visit's car; afterwards "serve" goes (back) to the window. */
function add(visit, isFromWindow) {
  if (isFromWindow) showWindow(false);
  adding = { visit, isFromWindow };
  scanner.adding(visit.queue_no);
  uncover();
}

function endAdding() {
  adding = null;
  scanner.adding(null);
}

function stopAdding() {
  const { visit, isFromWindow } = adding;
  endAdding();
  if (isFromWindow) move(visit, "serve");
}
