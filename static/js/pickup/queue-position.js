// Where the vehicle stands: one look of the page is shown, its slots are filled; a call fills the screen.

import { dateTime } from "../lib/clock.js";
import { text } from "../lib/messages.js";

const STEPS = { waiting: 1, called: 2, serving: 3 }; // of the deck

const main = document.querySelector("[data-stage]");
const head = document.querySelector(".masthead");
const live = document.getElementById("live");
const called = document.getElementById("call-screen");
const closed = document.getElementById("closed");
const title = document.title;

let visit = null;
let hasNews = false; // until then the page stands as the server drew it
let isStale = false;
let seen = new URLSearchParams(location.search).has("qr") ? undefined : null; // the call whose QR is wanted

/** What names this call: another number of it, or another place, is another call. */
export const callOf = (one) => (one?.call ? [one.call, one.lane, one.window ?? ""].join(" ") : null);

/** `next` is the state's visit, or null. */
export function showTurn(next) {
  visit = next;
  hasNews = true;
  const look = visit?.state ?? "ready";
  for (const one of main.querySelectorAll("[data-look]")) one.hidden = !one.dataset.look.split(" ").includes(look);
  live.hidden = !visit;
  if (visit) fill();
  for (const [n, item] of [...document.getElementById("progress-steps").children].entries()) {
    if (n === (STEPS[look] ?? 0)) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
  if (seen === undefined) seen = callOf(visit);
  showCall();
}

/** Why no vehicle is taken now; nobody's business who is in the line already. */
export function showLine(line, timezone) {
  closed.hidden = line.open || Boolean(visit);
  for (const one of closed.querySelectorAll("[data-reason]")) one.hidden = one.dataset.reason !== line.reason;
  closed.querySelector("[data-again]").hidden = !line.opens_at;
  closed.querySelector("[data-slot]").textContent = line.opens_at ? dateTime(line.opens_at, timezone) : "";
}

/** Old news may not look new: a call turns grey. */
export function markStale(wish) {
  if (wish === isStale) return;
  isStale = wish;
  main.classList.toggle("applicant-page--stale", isStale);
  called.classList.toggle("call-screen--stale", isStale);
  called.querySelector("[data-fresh]").hidden = isStale;
  called.querySelector("[data-stale]").hidden = !isStale;
  if (hasNews) showCall();
}

function fill() {
  const position = visit.position === 1 ? text("first") : text("position", visit);
  const wait = visit.wait ? text("wait", visit.wait) : text("unknown");
  const values = { ...visit, position, wait };
  for (const part of [live, called]) {
    for (const slot of part.querySelectorAll("[data-slot]")) put(slot, values[slot.dataset.slot] ?? "");
    for (const one of part.querySelectorAll("[data-window]")) one.hidden = !visit.window;
  }
}

/** Only what differs, so that a screen reader says it once. */
function put(slot, value) {
  if (slot.textContent !== String(value)) slot.textContent = value;
}

function showCall() {
  const call = visit?.state === "called" ? callOf(visit) : null;
  const isShown = call !== null && call !== seen;
  const isNew = isShown && called.hidden;
  called.hidden = !isShown;
  main.hidden = head.hidden = isShown;
  document.title = call && !isStale ? text("called", visit) : title;
  if (isNew) called.querySelector("h1").focus();
}

called.querySelector("[data-show-qr]").addEventListener("click", (event) => {
  event.preventDefault();
  seen = hasNews ? callOf(visit) : undefined;
  showCall();
  document.getElementById("qr").scrollIntoView({ block: "center" });
});
