// Booking a window without losing the list: what went wrong stands above it, a success goes back to the code.

import { text } from "../lib/messages.js";

const TIMEOUT_MS = 8000;

const form = document.getElementById("windows");
const problem = document.getElementById("problem");

document.querySelector(".booking__days [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { submitter } = event;
  const body = new URLSearchParams(new FormData(form, submitter));
  if (form.ariaBusy === "true") return; // one touch, one booking
  form.ariaBusy = "true";
  const said = await send(body);
  form.ariaBusy = "false";
  if (!said) location.assign(form.dataset.home);
  else refuse(said);
});

function refuse(said) {
  problem.querySelector("span").textContent = said;
  problem.hidden = false;
  problem.focus();
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
