// The applicant's page comes alive: queue number, turn, and a full screen when the vehicle is called. Without news for
// seconds the call disappears again: a frozen "go to lane 2" would be worse than none.

import { keepAwake } from "../lib/awake.js";
import { connect } from "../lib/connection.js";
import { text } from "../lib/texts.js";

const VIBRATION_MS = [300, 120, 300];
const LOOK_EVERY_S = 10;
const GONE = 410;
const STEPS = { waiting: 1, called: 2, serving: 3 }; // of the deck

const main = document.querySelector("[data-stage]");
const head = document.querySelector(".masthead");
const live = document.querySelector("[data-link-page]");
const called = document.getElementById("called");
const { link } = live.dataset;
const title = document.title;

let seen = null; // the call whose QR the applicant wants to see
let call = null;
let visit = null;

function show(state) {
  if (state.books.map((book) => book.state).join(" ") !== main.dataset.books) return location.reload();
  visit = state.visit;
  call = visit?.state === "called" ? `${visit.queue_no} ${visit.lane}` : null;
  say(visit ? text(visit.state, { no: visit.queue_no, position: visit.position, lane: visit.lane }) : "");
  step(STEPS[visit?.state] ?? 0);
  showCall();
}

function age(seconds, isStale) {
  live.classList.toggle("pass__live--stale", isStale);
  if (isStale && seconds % LOOK_EVERY_S === 0) leaveWhenReplaced();
  if (!isStale || !visit) return;
  call = null;
  say(text("stale"));
  showCall();
}

/** Silence may also mean that the desk has replaced this link: then its code must not stay on the screen. */
async function leaveWhenReplaced() {
  const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status === GONE) location.reload();
}

function say(sentence) {
  live.hidden = !sentence;
  if (live.textContent !== sentence) live.textContent = sentence;
}

function step(present) {
  for (const [n, item] of [...document.getElementById("deck").children].entries()) {
    if (n === present) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}

function showCall() {
  const isShown = Boolean(call) && call !== seen;
  const isNew = isShown && called.hidden;
  if (isShown) fill();
  called.hidden = !isShown;
  main.hidden = head.hidden = isShown;
  document.title = isShown ? text("called", { lane: visit.lane }) : title;
  if (isNew) called.querySelector("h1").focus();
  if (isNew && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(VIBRATION_MS); // not before a tap
}

function fill() {
  for (const place of called.querySelectorAll("[data-lane]")) place.textContent = visit.lane;
  called.querySelector("[data-queue-no]").textContent = visit.queue_no;
}

called.querySelector("[data-show-qr]").addEventListener("click", () => {
  seen = call;
  showCall();
  window.scrollTo(0, 0);
});

keepAwake();
connect({ namespace: "/pickup", auth: { link }, path: `/api/v1/pickup-state/${link}`, onState: show, onAge: age });
