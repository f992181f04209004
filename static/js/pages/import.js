// Import: a file chosen or dropped is sent with its progress, then the page of its preview opens. Saving happens there,
// by a plain form that can be sent once.

import { get, NetworkLost } from "../lib/http.js";
import { text } from "../lib/messages.js";

const POLL_MS = 250;
const LOST_AFTER_MS = 30_000; // the server goes on reading while nobody hears of it

const form = document.getElementById("upload");
const drop = document.getElementById("drop");
const progress = document.getElementById("progress");
const bar = document.getElementById("progress-bar");
const said = document.getElementById("progress-text");
const problem = document.getElementById("problem");

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    importFile(form.elements.file.files[0]);
  });
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => lift(event, true));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (event) => lift(event, false));
  drop.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    form.elements.file.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

document.getElementById("confirm")?.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button");
  button.disabled = true;
  button.textContent = button.dataset.busy;
});

function lift(event, isOver) {
  event.preventDefault();
  drop.classList.toggle("is-over", isOver);
}

async function importFile(file) {
  const most = Number(form.dataset.most);
  if (file.size > most) return fail(text("large", { mb: most / 1024 ** 2 }));
  problem.hidden = true;
  working(true);
  try {
    const begun = await send(file);
    if (!begun.import_id) return fail(begun.error?.message ?? text("lost"));
    const read = await untilRead(begun);
    if (read.state === "refused") return fail(read.message);
    location.assign(`/desk/import/${read.import_id}`);
  } catch {
    fail(text("lost"));
  }
}

/** The upload; XMLHttpRequest because fetch does not tell how much has been sent. */
function send(file) {
  const body = new FormData();
  body.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/imports");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content);
    request.upload.onprogress = ({ loaded, total }) =>
      show("sending", loaded, total, { n: Math.round((100 * loaded) / total) });
    request.onload = () => resolve(JSON.parse(request.responseText));
    request.onerror = reject;
    request.send(body);
  });
}

async function untilRead(one) {
  while (one.state === "reading") {
    const { done, total } = one.progress;
    if (total) show("checking", done, total, { n: done, total });
    else show(done ? "row" : "reading", 0, 0, { n: done });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    one = await newest(one.import_id);
  }
  return one;
}

async function newest(id) {
  const since = performance.now();
  for (;;) {
    try {
      const { ok, status, body } = await get(`/api/v1/imports/${id}`);
      if (!ok) throw new Error(status);
      return body;
    } catch (error) {
      if (!(error instanceof NetworkLost) || performance.now() - since > LOST_AFTER_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 4 * POLL_MS));
    }
  }
}

function show(key, done, total, values) {
  said.textContent = text(key, values);
  if (total) Object.assign(bar, { max: total, value: done });
  else bar.removeAttribute("value");
}

function working(isWorking) {
  form.hidden = isWorking;
  progress.hidden = !isWorking;
}

function fail(sentence) {
  working(false);
  document.getElementById("problem-text").textContent = sentence;
  problem.hidden = false;
  problem.querySelector("[tabindex]")?.focus();
}
