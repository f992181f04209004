// Finding a book while typing: the newest question's answer is shown, older ones that come late are not.

import { make, state } from "../lib/dom.js";
import { get, NetworkLost } from "../lib/http.js";
import { text } from "../lib/messages.js";

const TYPING_MS = 180; // the pause after which a search is sent
const MOST = 50; // rows of one answer
const TONES = { ready: "go", held: "wait", overdue: "wait", collected: "neutral", cancelled: "stop" };
const HERE = ["ready", "held", "overdue"];

const form = document.getElementById("find");
const box = form.elements.q;
const found = document.getElementById("found");

let typing = 0;
let asked = 0;
let shown = box.value.trim();

/** Search from now on as the box changes; the form is sent without a new page. */
export function searchWhileTyping() {
  box.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, TYPING_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(typing);
    search();
  });
}

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
    { class: "table table--stacked found" },
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
