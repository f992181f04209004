// Checking a rack: every scan is compared with the record at once. The numbers live on this page only; what the network
// did not take waits here and is asked again.

import { wedge } from "../lane/wedge.js";
import { dateTime, now } from "../lib/clock.js";
import { icon, make, state } from "../lib/dom.js";
import { NetworkLost, post } from "../lib/http.js";
import { count, text } from "../lib/messages.js";
import { play, unlockOnGesture } from "../lib/sounds.js";

const AGAIN_MS = 2000; // after a lost answer
const TONES = { here: "go", missing: "stop", away: "neutral", foreign: "wait", surplus: "stop" };
const $ = (id) => document.getElementById(id);
const { rack, most, timezone } = $("check").dataset;
const box = $("number");

const numbers = new Set();
let newest = null; // the number that was scanned last
let asked = 0; // how many numbers the table below knows
let isAsking = false;
let isFinishing = false; // it was asked for
let isFinished = false;

$("plain").hidden = true;
$("scan").hidden = false;
$("finish-bar").hidden = false;
nameMissing("neutral", text("unscanned"));
box.focus();
unlockOnGesture();

$("scan").addEventListener("submit", (event) => {
  event.preventDefault();
  for (const one of box.value.split(/[\s,;]+/)) scanned(one);
  box.value = "";
});
wedge({ onCode: scanned, isActive: () => true });
$("finish").addEventListener("click", () => (isFinished ? location.reload() : finish()));
$("print").addEventListener("click", () => print());
addEventListener("beforeunload", (event) => {
  if (numbers.size && !isFinished) event.preventDefault(); // a reload forgets what was scanned
});

function scanned(typed) {
  const number = typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (!number || isFinished) return;
  if (!numbers.has(number) && numbers.size >= Number(most)) return showLast("stop", text("full", { n: most }));
  if (numbers.has(number)) {
    showLast("neutral", text("again"));
    play("repeat");
    return;
  }
  numbers.add(number);
  newest = number;
  compare();
}

function finish() {
  isFinishing = true;
  compare();
}

/** Ask about all numbers; what comes meanwhile, more scans or the wish to finish, is asked right after. */
async function compare() {
  $("finish").disabled = isFinishing;
  if (isAsking) return;
  isAsking = true;
  const sent = [...numbers];
  const isLast = isFinishing;
  const answer = await ask({ rack, numbers: sent, is_finished: isLast });
  isAsking = false;
  if (answer?.ok) answered(answer.body, sent, isLast);
  else if (answer) showLast("stop", answer.body?.error?.message ?? "");
  if (!answer?.ok || isLast) isFinishing = false;
  $("finish").disabled = isFinishing;
  if (!answer && !isLast) setTimeout(compare, AGAIN_MS);
  else if (answer?.ok && !isLast && (isFinishing || numbers.size > sent.length)) compare();
}

/** The answer, or null when the network lost it, which is said. */
async function ask(question) {
  try {
    const answer = await post("/api/v1/shelves/checks", question);
    $("offline").hidden = true;
    return answer;
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    $("offline").hidden = false;
    $("offline").lastElementChild.textContent = count("lost", numbers.size - asked);
    return null;
  }
}

function answered({ rows, counts }, sent, isLast) {
  asked = sent.length;
  isFinished = isLast;
  for (const [verdict, n] of Object.entries(counts))
    document.querySelector(`[data-count="${verdict}"]`).textContent = n;
  $("lines").replaceChildren(...rows.map(line));
  $("nothing").hidden = rows.length > 0;
  const last =
    rows.find(({ typed }) => typed !== null && typed === newest) ?? rows.find(({ why }) => why === "unreadable");
  if (newest && last && !isLast) tell(last);
  newest = null;
  if (isLast) finished();
}

function tell(row) {
  const { verdict, shelf, holder_name: name, why } = row;
  const where =
    verdict === "foreign" ? text("recorded_at", { shelf: shelf || text("noshelf") }) : why ? text(why) : shelf;
  showLast(TONES[verdict], [text(verdict), name ?? row.typed, where].filter(Boolean).join(" · "));
  play(TONES[verdict] === "neutral" ? "repeat" : TONES[verdict]);
}

function showLast(tone, words) {
  const last = $("last");
  last.hidden = false;
  last.className = `shelf__last shelf__last--${tone}`;
  last.replaceChildren(icon(tone), make("span", {}, words));
}

function line(row) {
  const { verdict, passport_id: id, holder_name: name, shelf, why, typed } = row;
  const isOpen = verdict === "missing" && !isFinished;
  const said = isOpen ? state("neutral", text("unscanned")) : state(TONES[verdict], text(verdict));
  const book = name ?? make("span", { class: "num" }, typed ?? "…");
  const move = verdict === "foreign" && !isFinished;
  return make(
    "tr",
    {},
    make("td", {}, said),
    make("td", { class: "num" }, make("b", {}, name ? shelf || text("noshelf") : "–")),
    make("td", {}, book, why && make("span", { class: "meta" }, text(why))),
    make(
      "td",
      {},
      move &&
        make(
          "button",
          { class: "button", type: "button", click: (event) => moveHere(event, id) },
          icon("shelf"),
          text("move"),
        ),
    ),
  );
}

async function moveHere({ currentTarget: pressed }, id) {
  pressed.disabled = true;
  pressed.lastChild.textContent = text("sending");
  try {
    const { ok, body } = await post(`/api/v1/passports/${id}/move`, { shelf: rack });
    if (!ok) showLast("stop", body?.error?.message ?? "");
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
  }
  compare(); // the record says what happened
}

/** Until the check is finished nothing is missing, only not scanned yet. */
function nameMissing(tone, word) {
  const one = document.querySelector("[data-count=missing]").parentElement;
  one.className = `tally__one tally__one--${tone}`;
  one.querySelector("dt").replaceChildren(icon(tone), word);
}

function finished() {
  nameMissing("stop", text("missing"));
  $("finished").hidden = false;
  $("finished").querySelector("div div").textContent = text("finished", {
    at: dateTime(now(), timezone),
    name: text("who"),
  });
  $("last").hidden = true;
  $("scan").hidden = true;
  $("print").hidden = false;
  $("finish").lastElementChild.textContent = text("new");
  $("finished").scrollIntoView({ block: "nearest" });
}

compare();
