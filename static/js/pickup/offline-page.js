// The page as it was kept, shown without a network: the code, the age of everything else, and nothing that would need the
// server. It is no news, so no call of it is shown; as soon as the server answers the page is loaded anew.

import { dateTime } from "../lib/clock.js";
import { count, text } from "../lib/messages.js";

const TELL_EVERY_MS = 20_000;
const ASK_EVERY_MS = 5000;
const PAUSE_MS = 30_000; // between two loads: a network that is too slow for the page may still answer the question
const LOADED = "ampera.loaded"; // when it was loaded last, in this tab
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

const main = document.querySelector("[data-stage]");
const age = document.getElementById("age");

/** `since` is the ISO moment at which the page was kept, by this phone's clock. */
export function showKept(since) {
  document.body.dataset.live = ""; // it says itself how old it is
  main.hidden = document.querySelector(".masthead").hidden = false;
  document.getElementById("call-screen").hidden = document.getElementById("live").hidden = true;
  for (const one of main.querySelectorAll("[data-look]")) one.hidden = !one.dataset.look.includes("ready");
  for (const form of main.querySelectorAll("form")) disable(form);
  for (const file of main.querySelectorAll('a[href^="/p/"]')) hide(file);
  tell(since);
  setInterval(tell, TELL_EVERY_MS, since);
  addEventListener("online", comeBack);
  setInterval(comeBack, ASK_EVERY_MS);
}

function disable(form) {
  for (const field of form.elements) field.disabled = true;
  form.prepend(why());
}

/** What only the server has. Where a section offers it, it says why it does not now. */
function hide(file) {
  file.hidden = true;
  const section = file.closest("section");
  if (section && !section.querySelector(".needs-link")) file.before(why());
}

function why() {
  const said = document.createElement("span");
  said.className = "needs-link";
  said.textContent = text("needs_link");
  return said;
}

function tell(since) {
  const seconds = Math.max(0, (Date.now() - Date.parse(since)) / 1000);
  const [day, time] = dateTime(since, main.dataset.timezone).split(", ");
  const isToday = day === dateTime(Date.now(), main.dataset.timezone).split(", ")[0];
  const said = isToday
    ? text("kept", { time, age: ago(seconds) })
    : text("kept_on", { time: `${day}, ${time}`, age: ago(seconds) });
  const [sentence] = age.children;
  age.hidden = false;
  age.classList.add("applicant-page__age--stale");
  if (sentence.textContent !== said) sentence.textContent = said;
}

function ago(seconds) {
  if (seconds < MINUTE) return text("just_now");
  if (seconds < HOUR) return count("minutes_ago", Math.floor(seconds / MINUTE));
  if (seconds < DAY) return count("hours_ago", Math.floor(seconds / HOUR));
  return count("days_ago", Math.floor(seconds / DAY));
}

/** Whatever the server says about this page now, also that it is gone, is better than what was kept. */
async function comeBack() {
  if (Date.now() - lastLoad() < PAUSE_MS) return;
  const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (!answer || answer.status >= 500) return;
  remember();
  location.reload();
}

function lastLoad() {
  try {
    return Number(sessionStorage.getItem(LOADED));
  } catch {
    return 0;
  }
}

function remember() {
  try {
    sessionStorage.setItem(LOADED, Date.now());
  } catch {
    // Then it may load a little often.
  }
}
