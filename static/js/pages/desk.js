// The desk: results while typing, and the pick list of the vehicles that wait, live. Ticks stay on this device.

import { connect } from "../lib/connection.js";
import { icon, make, state } from "../lib/dom.js";
import { get, NetworkLost } from "../lib/http.js";
import { text } from "../lib/texts.js";

const TYPING_MS = 180; // the pause after which a search is sent
const MOST = 50; // rows of one answer
const KEPT = "desk.brought"; // of this device and browser session
const TONES = { ready: "go", held: "wait", overdue: "wait", collected: "neutral", cancelled: "stop" };
const HERE = ["ready", "held", "overdue"];

const form = document.getElementById("find");
const box = form.elements.q;
const found = document.getElementById("found");
const picks = document.getElementById("picks");
const signal = document.getElementById("signal");
const button = document.getElementById("brought");

let typing = 0;
let asked = 0;
let shown = box.value.trim();

box.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(search, TYPING_MS);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  search();
});

async function search() {
  const wanted = box.value.trim();
  if (wanted === shown) return;
  shown = wanted;
  const turn = ++asked;
  if (!wanted) return found.replaceChildren();
  try {
    const { ok, body } = await get(`/api/v1/passports?q=${encodeURIComponent(wanted)}`);
    if (turn !== asked) return; // a newer question is on its way
    found.replaceChildren(ok ? results(body.passports) : make("p", {}, body?.error?.message ?? text("lost")));
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    shown = null;
    found.replaceChildren(make("p", {}, text("lost")));
  }
}

function results(books) {
  if (!books.length) return make("p", {}, text("none"));
  const caption = books.length >= MOST ? text("many") : text("found", { n: books.length });
  const table = make(
    "table",
    { class: "table found" },
    make("caption", {}, caption),
    head("holder", "shelf", "state", "last"),
    make("tbody", {}, ...books.map(result)),
  );
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table);
}

function result(book) {
  const isHere = HERE.includes(book.status);
  const end = text("application", { end: book.application_no.slice(-4) });
  const name = make("a", { href: `/desk/books/${book.passport_id}` }, book.holder_name);
  return make(
    "tr",
    {},
    make("td", {}, make("b", {}, name), make("span", { class: "meta num" }, end)),
    make("td", { class: "num" }, isHere ? book.shelf || text("noshelf") : "–"),
    make("td", {}, state(TONES[book.status], text(book.status))),
    make("td", { class: "num" }, isHere ? book.deadline.split("-").reverse().join("-") : "–"),
  );
}

function head(...keys) {
  return make("thead", {}, make("tr", {}, ...keys.map((key) => make("th", { scope: "col" }, text(key)))));
}

// --- pick list ---

let visits = [];
const brought = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
const ticked = new Set();
const mark = (visit, book) => `${visit.visit_id}:${book.passport_id}`;

button.addEventListener("click", () => {
  for (const one of ticked) brought.add(one);
  ticked.clear();
  sessionStorage.setItem(KEPT, JSON.stringify([...brought]));
  show();
});

function show() {
  const open = visits.flatMap((visit) => visit.books.map((book) => [visit, book]));
  const known = new Set(open.map(([visit, book]) => mark(visit, book)));
  for (const marks of [ticked, brought]) for (const one of marks) if (!known.has(one)) marks.delete(one);
  const rows = open.filter(([visit, book]) => !brought.has(mark(visit, book)));
  const focused = document.activeElement?.dataset?.mark;
  picks.replaceChildren(rows.length ? pickList(rows) : make("p", {}, text("empty")));
  if (focused) picks.querySelector(`[data-mark="${focused}"]`)?.focus();
  showButton();
}

function pickList(rows) {
  return make(
    "table",
    { class: "table pick" },
    make("caption", { class: "visually-hidden" }, text("caption")),
    head("shelf", "for", "mark"),
    make("tbody", {}, ...rows.map(([visit, book]) => pick(visit, book))),
  );
}

function pick(visit, book) {
  const key = mark(visit, book);
  const tick = make("input", {
    type: "checkbox",
    "data-mark": key,
    checked: ticked.has(key),
    "aria-label": text("one", { name: book.holder_name }),
    change: ({ target }) => {
      ticked[target.checked ? "add" : "delete"](key);
      showButton();
    },
  });
  const where = visit.lane ? text("lane", { no: visit.queue_no, lane: visit.lane }) : visit.queue_no;
  return make(
    "tr",
    {},
    make("td", { class: "num" }, book.shelf || text("noshelf")),
    make("td", {}, make("b", {}, where), book.holder_name),
    make("td", {}, make("label", { class: "tick" }, tick, text("brought"))),
  );
}

function showButton() {
  button.hidden = !ticked.size;
  button.replaceChildren(icon("shelf"), text("all", { n: ticked.size }));
}

signal.hidden = false;
connect({
  namespace: "/desk",
  path: "/api/v1/desk/state",
  onState(state) {
    visits = state.picks;
    show();
  },
  onAge(seconds, isStale) {
    const key = seconds < 5 ? "live" : isStale ? "unlit" : "age";
    const said = text(key, { s: seconds });
    if (signal.textContent === said) return;
    signal.classList.toggle("signal--lost", isStale);
    signal.setAttribute("aria-live", seconds % 10 === 0 ? "polite" : "off"); // not every second aloud
    signal.replaceChildren(icon(isStale ? "nolink" : "link"), said);
  },
});
