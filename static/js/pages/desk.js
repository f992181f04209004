// The desk: search, and the books on their way from the shelf to the windows, live. The lists follow the server alone;
// this page only knows what is ticked.

import { button, showCarried, showMissing, showReturns, showVehicles, showWalk } from "../desk/lists.js";
import { send } from "../desk/pick-requests.js";
import { searchWhileTyping } from "../desk/search.js";
import { Ticks } from "../desk/tick-list.js";
import { age, secondsSince } from "../lib/clock.js";
import { connect } from "../lib/connection.js";
import { icon, make } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { play, unlockOnGesture } from "../lib/sounds.js";

const $ = (id) => document.getElementById(id);
const { role, staff } = $("picks-part").dataset;
const isDesk = role !== "officer";
const forms = { fetch: $("fetch"), carry: $("carry"), back: $("back") };
const ticks = {
  fetch: new Ticks(showButtons),
  carry: new Ticks(showButtons, true),
  back: new Ticks(showButtons, true),
};

let state = null;
let by = forms.fetch.elements.by.value || "walk";
let isBusy = false;
let isLost = false;
let alarms = null; // the books that were missing in the state before
let place = null; // where this clerk chose to bring the books in hand

function take(fresh) {
  state = fresh;
  const all = state.picks.flatMap((visit) => visit.books.map((book) => [visit, book]));
  const byId = new Map(all.map((pair) => [pair[1].passport_id, pair]));
  const walk = state.walk.map((id) => byId.get(id));
  const mine = all.filter(([, book]) => book.pick === "taken" && book.pick_staff_id === Number(staff));
  ticks.fetch.limit(state.walk);
  ticks.carry.limit(mine.map(([, book]) => book.passport_id));
  ticks.back.limit(state.returns.map((book) => book.passport_id));
  showFetch(walk);
  if (isDesk) {
    showCarried($("carried"), mine, ticks.carry);
    $("in-hand").textContent = mine.length;
    $("empty-hands").hidden = mine.length > 0;
    $("carry-bar").hidden = !mine.length;
    forms.carry.hidden = !mine.length && !walk.length;
    choosePlace(mine);
  }
  showReturns($("returns"), state.returns, isDesk ? ticks.back : null);
  $("to-return").textContent = state.returns.length;
  forms.back.hidden = !state.returns.length;
  showAlarm(state.missing);
  showAges();
  showButtons();
}

function showFetch(walk) {
  $("to-fetch").textContent = walk.length;
  $("fetch-bar").hidden = !walk.length;
  const visits = by === "vehicle" ? state.picks : [];
  const isEmpty = by === "vehicle" ? !visits.length : !walk.length;
  const list = listIn($("picks"), isEmpty ? "nothing" : by);
  const rest = isEmpty
    ? 0
    : by === "vehicle"
      ? showVehicles(list, visits, ticks.fetch)
      : showWalk(list, walk, ticks.fetch);
  list.nextElementSibling?.remove();
  if (rest) list.after(make("p", { class: "meta" }, count("rest", rest)));
}

/** The one list of this kind in the box; another kind's goes. */
function listIn(box, kind) {
  if (box.dataset.kind !== kind) {
    const empty = make("p", { class: "nothing" }, text("empty"));
    box.replaceChildren(
      kind === "nothing" ? empty : make(kind === "walk" ? "ul" : "div", { class: kind === "walk" ? "picks" : "" }),
    );
    box.dataset.kind = kind;
  }
  return box.firstElementChild;
}

function showAlarm(missing) {
  $("alarm").hidden = !missing.length;
  showMissing($("missing"), missing, isDesk ? foundForm : null);
  const ids = missing.map((book) => book.passport_id);
  if (alarms && ids.some((id) => !alarms.includes(id))) play("stop");
  alarms = ids;
}

const foundForm = (book) =>
  make("form", { "data-act": true, "data-book": book.passport_id }, button("found", "go", text("it_is_here")));

/** The window of the vehicle of the first ticked book, until the clerk chooses another. */
function choosePlace(mine) {
  if (!mine.length) place = null;
  const [visit] = mine.find(([, book]) => ticks.carry.known.get(book.passport_id)) ?? [];
  const value = place ?? (visit?.lane ? `${visit.lane}/${visit.window ?? 1}` : null);
  const select = forms.carry.elements.place;
  if (value && [...select.options].some((one) => one.value === value)) select.value = value;
}

// --- the buttons under the lists ---

function showButtons() {
  for (const [name, form] of Object.entries(forms)) {
    const n = ticks[name].ids.length;
    for (const one of form?.querySelectorAll("button[name=act]") ?? []) showButton(one, form, n);
    const all = form?.querySelector("[data-all]");
    if (all) all.checked = ticks[name].areAll;
  }
  for (const one of $("missing").querySelectorAll("button")) one.disabled = isBusy || isLost;
}

function showButton(one, form, n) {
  const words = !isDesk && one.value === "hand" ? "bring" : one.value;
  const chosen = form.elements.place?.selectedOptions[0]?.textContent.trim();
  one.disabled = isBusy || isLost || !n;
  const place = chosen?.replace(/^\S+ /, "") ?? "";
  const said = isBusy && one.dataset.pressed ? text("sending") : n ? count(words, n, { place }) : text(`${words}_none`);
  one.lastElementChild.textContent = said;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-act]");
  if (!form) return;
  event.preventDefault();
  act(form, event.submitter ?? form.querySelector("button[name=act]"));
});

async function act(form, pressed) {
  if (isBusy || isLost || pressed.disabled) return;
  const own = Object.keys(forms).find((name) => forms[name] === form);
  const ids = own ? ticks[own].ids : [Number(form.dataset.book ?? form.elements.passport_id.value)];
  if (!ids.length) return;
  isBusy = true;
  pressed.dataset.pressed = "yes";
  showButtons();
  const done = await send(pressed.value, ids, pressed.value === "hand" ? chosenPlace(form) : {});
  if (own) ticks[own].drop(done, form);
  form.querySelector("details[open]")?.removeAttribute("open");
  await live.refresh();
  delete pressed.dataset.pressed;
  isBusy = false;
  showButtons();
}

function chosenPlace(form) {
  const [lane, window] = form.elements.place.value.split("/").map(Number);
  return { lane, window };
}

forms.carry?.elements.place.addEventListener("change", ({ target }) => {
  place = target.value;
  showButtons();
});
if (!isDesk) forms.fetch.elements.place.addEventListener("change", showButtons);

for (const box of document.querySelectorAll("[data-all]")) {
  box.closest("label").hidden = false;
  box.addEventListener("change", () => ticks.fetch.setAll(box.checked, forms.fetch));
}

for (const link of document.querySelectorAll("[data-by]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    by = link.dataset.by;
    for (const one of document.querySelectorAll("[data-by]")) one.toggleAttribute("aria-current", one === link);
    link.setAttribute("aria-current", "true");
    if (state) take(state);
  });
}

// --- time and the connection ---

function showAges() {
  for (const waiting of document.querySelectorAll("[data-since]"))
    waiting.textContent = text("waits", { age: age(secondsSince(waiting.dataset.since)) });
}

function showSignal(seconds, isStale) {
  showAges();
  if (isLost !== isStale) {
    isLost = isStale;
    showButtons();
  }
  $("offline").hidden = !isStale;
  $("offline").lastElementChild.textContent = isStale ? text("offline", { s: seconds }) : "";
  const signal = $("signal");
  const said = text(seconds < 5 ? "live" : isStale ? "unlit" : "age", { s: seconds });
  if (signal.textContent === said) return;
  signal.classList.toggle("signal--lost", isStale);
  signal.setAttribute("aria-live", seconds % 10 === 0 ? "polite" : "off"); // not every second aloud
  signal.replaceChildren(icon(isStale ? "nolink" : "link"), said);
}

searchWhileTyping();
unlockOnGesture();
$("signal").hidden = false;
for (const list of [$("carried"), $("returns"), $("missing")]) list?.replaceChildren();
const live = connect({ namespace: "/desk", path: "/api/v1/desk/state", onState: take, onAge: showSignal });
