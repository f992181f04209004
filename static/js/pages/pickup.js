// The applicant's page comes alive: the queue number, the turn, the call with its sound, the word about coming. Without
// news for seconds it says so: a frozen "go to lane 2" would be worse than none. A page that was kept is told as such.

import { AGE_SHOWN_S, connect } from "../lib/connection.js";
import { text } from "../lib/messages.js";
import { offer, ring } from "../pickup/alarm.js";
import { sendArrivals, showArrival } from "../pickup/arrival.js";
import { hideCode } from "../pickup/fullscreen-code.js";
import { showKept } from "../pickup/offline-page.js";
import { callOf, markStale, showLine, showTurn } from "../pickup/queue-position.js";
import { keepForLater } from "../pickup/register-worker.js";
import "../pickup/companion.js";

const LOOK_EVERY_S = 10;
const GONE = 410;

const main = document.querySelector("[data-stage]");
const age = document.getElementById("age");
const { link, stage, timezone } = main.dataset;

let visit = null;
let told = null; // the newest call
let lookedAt = 0; // seconds of silence, when the server was asked about this link last

function show(state) {
  if (state.books.map((book) => book.state).join(" ") !== main.dataset.books) return location.reload();
  visit = state.visit;
  showTurn(visit);
  showLine(state.line, timezone);
  const isComing = stage === "ready" && state.line.open && (!visit || visit.state === "done");
  showArrival(state.arrival, isComing, timezone);
  offer(visit?.state === "waiting");
  const call = callOf(visit);
  if (call && visit.state === "called" && call !== told) hideCode();
  told = call;
  if (call) ring(call);
}

function showAge(seconds, isStale) {
  if (seconds < lookedAt) lookedAt = 0;
  if (isStale && seconds - lookedAt >= LOOK_EVERY_S) {
    lookedAt = seconds;
    leaveWhenReplaced();
  }
  const [sentence, number] = age.children;
  const said = text(isStale ? "stale" : "old");
  age.hidden = !visit || seconds < AGE_SHOWN_S;
  age.classList.toggle("applicant-page__age--stale", isStale);
  if (sentence.textContent !== said) sentence.textContent = said; // aloud once, not each second
  number.textContent = text("seconds", { n: seconds });
  markStale(isStale);
}

/** Silence may also mean that the desk has replaced this link: then its code must not stay on the screen. */
async function leaveWhenReplaced() {
  const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status === GONE) location.reload();
}

function follow() {
  const path = `/api/v1/pickup-state/${link}`;
  document.body.dataset.live = ""; // from here on this page says itself how old it is
  const { refresh } = connect({ namespace: "/pickup", auth: { link }, path, onState: show, onAge: showAge });
  sendArrivals(refresh);
  if (document.readyState === "complete") keepForLater();
  else addEventListener("load", keepForLater);
}

if (document.body.dataset.kept) showKept(document.body.dataset.kept);
else follow();
