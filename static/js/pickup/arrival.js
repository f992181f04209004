// "On my way" and "I am here" without a reload. The form only sends; the news that follows changes the page.

import { timeOfDay } from "../lib/clock.js";
import { byId, select, selectAll } from "../lib/dom.js";
import { postForm } from "../lib/post-form.js";

/**
 * @param {Arrival | null} arrival as in the state
 * @param {boolean} isOffered while reporting an arrival makes sense
 * @param {string} timezone
 */
export function showArrival(arrival, isOffered, timezone) {
  const box = byId("arrival");
  box.hidden = !isOffered || box.dataset.held !== undefined; // held: the office wants a booking first
  const kind = arrival?.kind ?? "none";
  for (const part of selectAll("[data-when]", box)) part.hidden = !part.dataset.when?.split(" ").includes(kind);
  const until = arrival ? timeOfDay(arrival.until, timezone).slice(0, 5) : "";
  for (const slot of selectAll('[data-slot="until"]', box)) slot.textContent = until;
}

/** @param {() => void} onSent the server has kept the report: the state is newer now */
export function sendArrivals(onSent) {
  const box = byId("arrival");
  const form = select("form", box, HTMLFormElement);
  const problem = select('[role="alert"]', box);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { value } = /** @type {HTMLButtonElement} */ (event.submitter);
    const refusal = await postForm(form.action, new URLSearchParams({ kind: value }));
    problem.hidden = !refusal;
    select("span", problem).textContent = refusal?.message ?? "";
    if (!refusal) onSent();
  });
}
