// Entry module. Import: a file that was chosen or dropped is sent with its progress, then the page of its preview opens.
// Saving happens there, by a plain form that can be sent once.

import { byId, fieldOf, select } from "../lib/dom.js";
import { get, NetworkLost } from "../lib/http.js";
import { text } from "../lib/messages.js";

const POLL_MS = 250;
const RETRY_MS = 1000;
const LOST_AFTER_MS = 30_000; // the server goes on reading while the network is lost

/** @typedef {{import_id: number, state: string, message: string, progress: {done: number, total: number | null}}} ImportJob */

/** @param {HTMLFormElement} form */
function listenToUpload(form) {
  const drop = byId("drop");
  /** @type {HTMLInputElement} */
  const files = fieldOf(form, "file");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [file] = files.files ?? [];
    importFile(form, file);
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"])
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragenter" || name === "dragover");
    });
  drop.addEventListener("drop", ({ dataTransfer }) => {
    if (!dataTransfer?.files.length) return;
    files.files = dataTransfer.files;
    form.requestSubmit();
  });
}

/** @param {HTMLElement} form of the preview */
function listenToConfirm(form) {
  form.addEventListener("submit", () => {
    const button = select("button", form, HTMLButtonElement);
    button.disabled = true;
    button.textContent = button.dataset.busy ?? "";
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {File} file
 */
async function importFile(form, file) {
  const maxBytes = Number(form.dataset.most);
  if (file.size > maxBytes) return showProblem(text("large", { mb: maxBytes / 1024 ** 2 }));
  byId("problem").hidden = true;
  showWorking(true);
  try {
    const answer = await upload(file);
    if (!answer.import_id) return showProblem(answer.error?.message ?? text("lost"));
    const job = await untilRead(answer);
    if (job.state === "refused") return showProblem(job.message);
    location.assign(`/desk/import/${job.import_id}`);
  } catch {
    showProblem(text("lost"));
  }
}

/**
 * Send the file. This needs XMLHttpRequest, because fetch does not report how much has been sent.
 * @param {File} file
 * @returns {Promise<any>}
 */
function upload(file) {
  const body = new FormData();
  body.append("file", file);
  const token = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="csrf-token"]')).content;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/imports");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    request.upload.onprogress = ({ loaded, total }) =>
      showProgress("sending", loaded, total, { n: Math.round((100 * loaded) / total) });
    request.onload = () => resolve(JSON.parse(request.responseText));
    request.onerror = reject;
    request.send(body);
  });
}

/**
 * Poll until the server has read the file.
 * @param {ImportJob} job
 */
async function untilRead(job) {
  while (job.state === "reading") {
    const { done, total } = job.progress;
    if (total) showProgress("checking", done, total, { n: done, total });
    else showProgress(done ? "row" : "reading", 0, 0, { n: done });
    await pause(POLL_MS);
    job = await fetchJob(job.import_id);
  }
  return job;
}

/**
 * @param {number} id
 * @returns {Promise<ImportJob>}
 */
async function fetchJob(id) {
  const since = performance.now();
  for (;;) {
    try {
      const { ok, status, body } = await get(`/api/v1/imports/${id}`);
      if (!ok) throw new Error(`status ${status}`);
      return body;
    } catch (error) {
      if (!(error instanceof NetworkLost) || performance.now() - since > LOST_AFTER_MS) throw error;
      await pause(RETRY_MS);
    }
  }
}

/**
 * @param {string} key
 * @param {number} done
 * @param {number} total 0 when unknown
 * @param {Values} values
 */
function showProgress(key, done, total, values) {
  const bar = byId("progress-bar");
  byId("progress-text").textContent = text(key, values);
  if (total) Object.assign(bar, { max: total, value: done });
  else bar.removeAttribute("value");
}

/** @param {boolean} isWorking */
function showWorking(isWorking) {
  byId("upload").hidden = isWorking;
  byId("progress").hidden = !isWorking;
}

/** @param {string} sentence */
function showProblem(sentence) {
  const problem = byId("problem");
  showWorking(false);
  byId("problem-text").textContent = sentence;
  problem.hidden = false;
  /** @type {HTMLElement | null} */ (problem.querySelector("[tabindex]"))?.focus();
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const form = document.getElementById("upload");
const confirm = document.getElementById("confirm");
if (form instanceof HTMLFormElement) listenToUpload(form);
if (confirm) listenToConfirm(confirm);
