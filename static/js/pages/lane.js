// The tablet of one point of a lane: scan -> verdict -> serve -> window, with the queue beside it. Sockets bring the state,
// every act goes over HTTP; while the link is lost nothing can be done and nothing looks done.

import { showAlarms, showLine } from "../lane/banners.js";
import { atLane } from "../lane/current-vehicles.js";
import { mover } from "../lane/moves.js";
import { recentList } from "../lane/recent-vehicles.js";
import { newScan, send } from "../lane/scan.js";
import { eye } from "../lane/scanner-panel.js";
import { showLink, showScreen } from "../lane/status-lights.js";
import { here, place } from "../lane/tablet-point.js";
import { undoBar } from "../lane/undo-bar.js";
import { vehicleChooser } from "../lane/vehicle-form.js";
import { checkingElement, refusalElement, verdictElement } from "../lane/verdict.js";
import { busy, cover, grey, uncover } from "../lane/verdict-overlay.js";
import { queue } from "../lane/waiting-list.js";
import { wedge } from "../lane/wedge.js";
import { connect } from "../lib/connection.js";
import { text } from "../lib/messages.js";
import { play, unlockOnGesture } from "../lib/sounds.js";
import { keepAwake } from "../lib/wake-lock.js";
import { keptQuestion } from "../window/pending-submission.js";
import { closeWindow, openWindow, windowLearns } from "../window/window.js";

const SLOW_MS = 300; // an answer that takes longer is announced as "checking"
const FULL_CODE = /SAB[0-9A-Z]{26}$/i; // a wedge typed into the field, perhaps behind what stood there

const $ = (id) => document.getElementById(id);

let isLost = false;
let isChecking = false;
let isWindowOpen = false;
let isFirstState = true;
let adding = null; // {visit, isFromWindow}: the next code joins this car

const moves = mover({
  onBusy: busy,
  onRefused: refuse,
  onMoved: moved,
  refresh: () => news.refresh(),
});
const scanner = eye({ onCode: (code) => scan(code) });
const vehicle = $("vehicle") && vehicleChooser($("vehicle"));
const undo = undoBar({ onUndo: undone });
const line = queue({
  onCallNext: () => moves.callNext(),
  onCall: (visit) => moves.move(visit, "call"),
  onEdit: (visit) => moves.edit(visit),
  onLeave: (visit) => moves.move(visit, "leave"),
});
const current = atLane({ onMove: moves.move });
const recent = recentList({ onReturn: (visit) => moves.move(visit, "return") });
const parts = [line, current, recent, undo];
const news = connect({
  namespace: "/lane",
  auth: here,
  path: `/api/v1/lanes/${place.lane}/state`,
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
setInterval(() => {
  for (const part of parts) part.tick?.();
}, 1000);
const unanswered = keptQuestion(); // from before a reload: first of all the window asks whether it was recorded
if (unanswered) openVisit(unanswered.visit);

function onState(state) {
  line.show(state);
  current.show(state);
  recent.show(state);
  undo.learn(state);
  showScreen(state.screen);
  showLine(state);
  showAlarms(state.alarms);
  if (isWindowOpen) windowLearns(state);
  const mine = state.here.find(({ state: now, claim }) => now === "serving" && claim?.mine);
  if (isFirstState && !isWindowOpen && !place.isGate && mine) openVisit(mine); // opened already where it came late
  isFirstState = false;
}

function onAge(seconds, isStale) {
  showLink(seconds, isStale);
  if (isStale === isLost) return;
  isLost = isStale;
  grey(isLost);
  moves.lost(isLost);
  for (const part of parts) part.lost(isLost);
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
  const about = adding ? { visit_id: adding.visit.id } : vehicle?.value();
  const answer = await send(newScan(place.lane, input, about), { onUnanswered: showChecking });
  clearTimeout(slow);
  isChecking = false;
  show(answer, isTyped);
}

function show({ ok, body }, isTyped) {
  const onAct = (act) => acts[act](body.visit);
  if (!ok) {
    play("stop");
    return cover(refusalElement(body?.error?.message ?? text("unanswered"), { onAct }), { isTyped });
  }
  play(body.verdict === "repeat" ? "repeat" : body.tone);
  cover(verdictElement(body, { onAct }), { isTyped });
  if (isTyped) $("code").value = "";
  if (body.tone === "go") letIn();
  document.title = `${text("lane")} ${place.lane}: ${body.title}`;
}

/** The vehicle is in the line: the next scan is about another one. */
function letIn() {
  endAdding();
  vehicle?.reset();
}

const acts = {
  serve: (visit) => moves.move(visit, "serve"),
  call: (visit) => moves.move(visit, "call"),
  inside: (visit) => (visit ? moves.move(visit, "divert", { isAsked: true }) : uncover()),
  supervisor: () => uncover(),
  rescan: () => uncover(),
  next_scan: () => uncover(),
  type: () => uncover({ focus: true }),
  add: (visit) => add(visit, false),
  edit: (visit) => moves.edit(visit),
};

/** A move was made: its officer may undo it for a moment. */
function moved(name, card) {
  undo.offer(name, card);
  if (name === "serve") openVisit(card);
  else uncover();
}

function undone(visit) {
  undo.forget();
  if (isWindowOpen) {
    closeWindow();
    showWindow(false);
  }
  moves.undo(visit);
}

function refuse(said) {
  for (const refusal of document.querySelectorAll("[data-refusal]")) {
    refusal.hidden = !said;
    refusal.querySelector("[data-word]").textContent = said;
  }
}

function openVisit(visit) {
  showWindow(true);
  openWindow($("window"), {
    visit,
    nextNo: line.nextNo,
    onDone: () => showWindow(false),
    onCallNext() {
      showWindow(false);
      moves.callNext();
    },
    onAddCode: (served) => add(served, true),
    onMoved: (name, card) => undo.offer(name, card),
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
  if (isFromWindow) moves.move(visit, "serve");
}
