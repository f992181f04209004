// "On my way" and "I am here" without a reload. The news that follows changes the page; the form only sends.

import { timeOfDay } from "../lib/clock.js";
import { text } from "../lib/messages.js";

const TIMEOUT_MS = 8000;

const place = document.getElementById("arrival");
const form = place.querySelector("form");
const problem = place.querySelector('[role="alert"]');

/** `arrival` as in the state, or null; `isOffered` while a word about coming makes sense. */
export function showArrival(arrival, isOffered, timezone) {
  place.hidden = !isOffered;
  const kind = arrival?.kind ?? "none";
  for (const part of place.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(kind);
  const until = arrival ? timeOfDay(arrival.until, timezone).slice(0, 5) : "";
  for (const slot of place.querySelectorAll('[data-slot="until"]')) slot.textContent = until;
}

/** `onSent()` when the server has kept the word: the state is newer now. */
export function sendArrivals(onSent) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = await send(new URLSearchParams({ kind: event.submitter.value }));
    problem.hidden = !said;
    problem.querySelector("span").textContent = said;
    if (!said) onSent();
  });
}

/** The sentence about what went wrong, or "". */
async function send(body) {
  const headers = { Accept: "application/json" };
  const options = { method: "POST", body, headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
  const answer = await fetch(form.action, options).catch(() => null);
  if (answer?.ok) return "";
  const refused = await answer?.json().catch(() => null);
  return refused?.error?.message ?? text("lost");
}
