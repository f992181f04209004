// Entry module. Booking a slot without losing the list: an error appears above it, a success leads back to the code.

import { select } from "../lib/dom.js";
import { fieldsOf, postForm } from "../lib/post-form.js";

/** @param {HTMLFormElement} form */
function bookWithoutReload(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return; // one touch, one booking
    const fields = fieldsOf(form, event.submitter);
    form.ariaBusy = "true";
    const refusal = await postForm(form.action, fields);
    form.ariaBusy = "false";
    if (refusal) showProblem(refusal.message);
    else location.assign(form.dataset.home ?? "");
  });
}

/** @param {string} sentence */
function showProblem(sentence) {
  const problem = select("#problem");
  select("span", problem).textContent = sentence;
  problem.hidden = false;
  problem.focus();
}

const form = document.getElementById("slots");
document.querySelector(".booking__days [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
if (form instanceof HTMLFormElement) bookWithoutReload(form);
