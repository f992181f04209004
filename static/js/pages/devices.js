// The list of screens stays true: the state of each is asked for every few seconds. The forms are never touched; when
// the list itself has changed the page loads anew, unless somebody is in the middle of a form.

import { state } from "../lib/dom.js";
import { get, NetworkLost } from "../lib/http.js";
import { text } from "../lib/messages.js";

const EVERY_MS = 5000;
const UNKNOWN_AFTER_S = 15; // without an answer the page must not look as if it knew
const TONES = { current: "go", behind: "wait", gone: "stop", never: "neutral" };

const list = document.getElementById("screens");
const rows = new Map([...document.querySelectorAll("[data-screen]")].map((row) => [Number(row.dataset.screen), row]));
const told = document.getElementById("age");

let heardAt = performance.now();
let isTouched = false;

async function ask() {
  if (document.hidden) return;
  try {
    const { ok, body } = await get("/api/v1/screens");
    if (ok) take(body.screens);
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error; // the age says so
  }
}

function take(screens) {
  heardAt = performance.now();
  for (const screen of screens) show(screen);
  if (!isSame(screens)) changed();
}

function show({ id, state: now, word, said }) {
  const row = rows.get(id);
  if (!row) return;
  const part = (name) => row.querySelector(`[data-slot=${name}]`);
  if (part("said").textContent !== said) part("said").textContent = said;
  const box = row.querySelector(".screen__state");
  if (box.dataset.state === now) return;
  box.dataset.state = now;
  part("state").replaceChildren(state(TONES[now], word));
}

const key = ({ name, lane, site, speaks, volume }) => JSON.stringify([name, lane, site, speaks, volume]);

function isSame(screens) {
  return (
    screens.length === rows.size &&
    screens.every((one) => rows.has(one.id) && JSON.stringify(JSON.parse(rows.get(one.id).dataset.key)) === key(one))
  );
}

function changed() {
  if (isTouched || document.querySelector("details[open], .secret, .field__error"))
    document.getElementById("changed").hidden = false;
  else location.assign("/admin/devices");
}

function tick() {
  const seconds = Math.floor((performance.now() - heardAt) / 1000);
  const isUnknown = seconds >= UNKNOWN_AFTER_S;
  list?.toggleAttribute("data-unknown", isUnknown);
  told.textContent = isUnknown ? text("lost") : text("age", { n: seconds });
}

document.addEventListener("input", () => {
  isTouched = true;
});
document.addEventListener("visibilitychange", ask);
setInterval(ask, EVERY_MS);
setInterval(tick, 1000);
ask();
