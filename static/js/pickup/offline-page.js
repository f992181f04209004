// The kept page, shown without a network: the code, the age of everything else, and nothing that needs the server. A kept
// page is no news, so it shows no call. As soon as the server answers the page is loaded again.

import { dateTime } from "../lib/clock.js";
import { byId, select, selectAll } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";

const AGE_EVERY_MS = 20_000;
const ASK_EVERY_MS = 5000;
const RELOAD_PAUSE_MS = 30_000; // a network too slow for the page may still answer the question
const LOADED_KEY = "ampera.loaded"; // when this tab was loaded last
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** @param {string} since ISO moment at which the page was kept, by this phone's clock */
export function showOfflinePage(since) {
  const main = select("[data-stage]");
  document.body.dataset.live = ""; // the page shows its own age
  main.hidden = select(".masthead").hidden = false;
  byId("call-screen").hidden = byId("live").hidden = true;
  for (const look of selectAll("[data-look]", main)) look.hidden = !look.dataset.look?.includes("ready");
  for (const form of selectAll("form", main, HTMLFormElement)) disable(form);
  for (const link of selectAll('a[href^="/p/"]', main)) hideLink(link);
  showAge(since, main.dataset.timezone);
  setInterval(() => showAge(since, main.dataset.timezone), AGE_EVERY_MS);
  addEventListener("online", reloadWhenServerAnswers);
  setInterval(reloadWhenServerAnswers, ASK_EVERY_MS);
}

/** @param {HTMLFormElement} form */
function disable(form) {
  for (const field of form.elements) if ("disabled" in field) field.disabled = true;
  form.prepend(explanation());
}

/** Hide a file that only the server has. Its section explains once why it is not offered. @param {HTMLElement} link */
function hideLink(link) {
  link.hidden = true;
  const section = link.closest("section");
  if (section && !section.querySelector(".needs-link")) link.before(explanation());
}

function explanation() {
  const element = document.createElement("span");
  element.className = "needs-link";
  element.textContent = text("needs_link");
  return element;
}

/**
 * @param {string} since
 * @param {string} [timezone]
 */
function showAge(since, timezone) {
  const age = byId("age");
  const seconds = Math.max(0, (Date.now() - Date.parse(since)) / 1000);
  const [day, time] = dateTime(since, timezone).split(", ");
  const isToday = day === dateTime(Date.now(), timezone).split(", ")[0];
  const words = isToday
    ? text("kept", { time, age: ago(seconds) })
    : text("kept_on", { time: `${day}, ${time}`, age: ago(seconds) });
  const [sentence] = age.children;
  age.hidden = false;
  age.classList.add("applicant-page__age--stale");
  if (sentence.textContent !== words) sentence.textContent = words;
}

/** @param {number} seconds */
function ago(seconds) {
  if (seconds < MINUTE) return text("just_now");
  if (seconds < HOUR) return count("minutes_ago", Math.floor(seconds / MINUTE));
  if (seconds < DAY) return count("hours_ago", Math.floor(seconds / HOUR));
  return count("days_ago", Math.floor(seconds / DAY));
}

/** The server's present page, even one that is gone, is better than the kept one. */
async function reloadWhenServerAnswers() {
  if (Date.now() - lastLoad() < RELOAD_PAUSE_MS) return;
  const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (!answer || answer.status >= 500) return;
  rememberLoad();
  location.reload();
}

function lastLoad() {
  try {
    return Number(sessionStorage.getItem(LOADED_KEY));
  } catch {
    return 0;
  }
}

function rememberLoad() {
  try {
    sessionStorage.setItem(LOADED_KEY, String(Date.now()));
  } catch {
    // Then the page may load more often.
  }
}
