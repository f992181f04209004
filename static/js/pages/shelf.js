// Entry module. Checking a rack: every scan is compared with the record at once. The numbers live on this page only; what
// the network did not take waits here and is sent again.

import { dateTime, now } from "../lib/clock.js";
import { byId, icon, make, select, state } from "../lib/dom.js";
import { answerOrNull, post } from "../lib/http.js";
import { typed } from "../lib/invisible.js";
import { count, text } from "../lib/messages.js";
import { play, playWith, unlockOnGesture } from "../lib/sounds.js";
import { vibrate } from "../lib/vibration.js";
import { listenToWedge } from "../lib/wedge.js";

const RETRY_MS = 2000; // after a lost answer
/** @type {Record<string, Tone>} */
const TONES = { here: "go", missing: "stop", away: "neutral", foreign: "wait", surplus: "stop", twin: "wait" };

/**
 * @typedef {object} CheckedRow
 * @property {string} verdict here, missing, away, foreign, surplus or twin
 * @property {number} passport_id
 * @property {string | null} holder_name
 * @property {string} shelf
 * @property {string | null} why
 * @property {string | null} typed
 */

class ShelfPage {
  #rack = byId("check").dataset.rack;
  #max = Number(byId("check").dataset.most);
  #timezone = byId("check").dataset.timezone;
  #numbers = new Set();
  #unannounced = new Set(); // scanned, and not yet answered by sight and sound
  #compared = 0; // how many numbers the table knows
  #isComparing = false;
  #isFinishing = false; // requested
  #isFinished = false;

  start() {
    const field = byId("number", HTMLInputElement);
    byId("plain").hidden = true;
    byId("scan").hidden = false;
    byId("finish-bar").hidden = false;
    nameMissing("neutral", text("unscanned"));
    field.focus();
    unlockOnGesture();
    playWith(vibrate);
    byId("scan").addEventListener("submit", (event) => {
      event.preventDefault();
      for (const input of field.value.split(/[\s,;]+/)) this.#onScan(input);
      field.value = "";
    });
    listenToWedge({
      onCode: (code) => this.#onScan(code),
      onBook: (zone) => (zone ? this.#onScan(zone.number) : refuseSwipe()),
      isActive: () => true,
    });
    byId("finish").addEventListener("click", () => (this.#isFinished ? location.reload() : this.#finish()));
    byId("print").addEventListener("click", () => print());
    addEventListener("beforeunload", (event) => {
      if (this.#numbers.size && !this.#isFinished) event.preventDefault(); // a reload forgets the scans
    });
    this.#compare();
  }

  /** @param {string} input */
  #onScan(input) {
    const number = typed(input)
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, "");
    if (!number || this.#isFinished) return;
    if (this.#numbers.has(number)) {
      showLast("neutral", text("again"));
      play("repeat");
    } else if (this.#numbers.size >= this.#max) {
      showLast("stop", text("full", { n: this.#max }));
    } else {
      this.#numbers.add(number);
      this.#unannounced.add(number);
      this.#compare();
    }
  }

  #finish() {
    this.#isFinishing = true;
    this.#compare();
  }

  /** Compare all numbers. What comes meanwhile, more scans or the wish to finish, is sent right afterwards. */
  async #compare() {
    const finish = byId("finish", HTMLButtonElement);
    finish.disabled = this.#isFinishing;
    if (this.#isComparing) return;
    this.#isComparing = true;
    const sent = [...this.#numbers];
    const isLast = this.#isFinishing;
    const answer = await this.#request({ rack: this.#rack, numbers: sent, is_finished: isLast });
    this.#isComparing = false;
    if (answer?.ok) this.#show(answer.body, sent, isLast);
    else if (answer) showLast("stop", answer.body?.error?.message ?? "");
    if (!answer?.ok || isLast) this.#isFinishing = false;
    finish.disabled = this.#isFinishing;
    if (!answer && !isLast) setTimeout(() => this.#compare(), RETRY_MS);
    else if (answer?.ok && !isLast && (this.#isFinishing || this.#numbers.size > sent.length)) this.#compare();
  }

  /** The answer, or null when the network has lost it; the page shows that. @param {object} body */
  async #request(body) {
    const offline = byId("offline");
    const answer = await answerOrNull(post("/api/v1/shelves/checks", body));
    offline.hidden = answer !== null;
    if (!answer && offline.lastElementChild)
      offline.lastElementChild.textContent = count("lost", this.#numbers.size - this.#compared);
    return answer;
  }

  /**
   * @param {{rows: CheckedRow[], counts: Record<string, number>}} answer
   * @param {string[]} sent
   * @param {boolean} isLast
   */
  #show({ rows, counts }, sent, isLast) {
    this.#compared = sent.length;
    this.#isFinished = isLast;
    for (const [verdict, n] of Object.entries(counts)) select(`[data-count="${verdict}"]`).textContent = String(n);
    byId("lines").replaceChildren(...rows.map((row) => this.#row(row)));
    byId("nothing").hidden = rows.length > 0;
    const answered = sent.filter((number) => this.#unannounced.delete(number));
    if (isLast) return this.#showFinished();
    const urgent = // the rows come in the order of urgency
      rows.find(({ typed }) => typed !== null && answered.includes(typed)) ??
      rows.find(({ why }) => why === "unreadable");
    if (answered.length && urgent) announce(urgent);
  }

  #showFinished() {
    const finished = byId("finished");
    nameMissing("stop", text("missing"));
    finished.hidden = false;
    const at = dateTime(now(), this.#timezone);
    select("div div", finished).textContent = text("finished", { at, name: text("who") });
    byId("last").hidden = true;
    byId("scan").hidden = true;
    byId("print").hidden = false;
    const label = byId("finish").lastElementChild;
    if (label) label.textContent = text("new");
    finished.scrollIntoView({ block: "nearest" });
  }

  /** @param {CheckedRow} row */
  #row({ verdict, passport_id: id, holder_name: name, shelf, why, typed }) {
    const isOpen = verdict === "missing" && !this.#isFinished;
    const book = name ?? make("span", { class: "num" }, typed ?? "…");
    const isTwin = verdict === "twin";
    const isElsewhere = verdict === "foreign" || (isTwin && !shelf.startsWith(this.#rack ?? ""));
    const mayMove = isElsewhere && !this.#isFinished;
    const note = isTwin ? text("name_decides") : why && text(why);
    return make(
      "tr",
      {},
      make("td", {}, isOpen ? state("neutral", text("unscanned")) : state(TONES[verdict], text(verdict))),
      make("td", { class: "num" }, make("b", {}, name ? shelf || text("noshelf") : "–")),
      make("td", {}, book, note && make("span", { class: "meta" }, note)),
      make("td", {}, mayMove && this.#moveButton(id)),
    );
  }

  /** @param {number} id */
  #moveButton(id) {
    const label = document.createTextNode(text("move"));
    const button = make("button", { class: "button", type: "button" }, icon("shelf"), label);
    button.addEventListener("click", () => {
      button.disabled = true;
      label.data = text("sending");
      this.#move(id);
    });
    return button;
  }

  /** Record the book on this rack. @param {number} id */
  async #move(id) {
    const answer = await answerOrNull(post(`/api/v1/passports/${id}/move`, { shelf: this.#rack }));
    if (answer && !answer.ok) showLast("stop", answer.body?.error?.message ?? "");
    this.#compare(); // the record shows what happened
  }
}

/** Show and sound the result of the last scan. @param {CheckedRow} row */
function announce({ verdict, shelf, holder_name: name, typed, why }) {
  const tone = TONES[verdict];
  if (verdict === "twin") {
    showLast(tone, text("which", { number: typed ?? "" }));
    return play("wait");
  }
  const place = why ? text(why) : shelf;
  const where = verdict === "foreign" ? text("recorded_at", { shelf: shelf || text("noshelf") }) : place;
  showLast(tone, [text(verdict), name ?? typed, where].filter(Boolean).join(" · "));
  play(tone === "neutral" ? "repeat" : tone);
}

/** The lines of a passport could not be read: nothing is compared. */
function refuseSwipe() {
  showLast("wait", text("swipe_damaged"));
  play("wait");
}

/**
 * @param {Tone} tone
 * @param {string} words
 */
function showLast(tone, words) {
  const last = byId("last");
  last.hidden = false;
  last.className = `shelf__last shelf__last--${tone}`;
  last.replaceChildren(icon(tone), make("span", {}, words));
}

/**
 * Until the check is finished no book is missing, only not scanned yet.
 * @param {Tone} tone
 * @param {string} word
 */
function nameMissing(tone, word) {
  const box = /** @type {HTMLElement} */ (select("[data-count=missing]").parentElement);
  box.className = `tally__one tally__one--${tone}`;
  select("dt", box).replaceChildren(icon(tone), word);
}

new ShelfPage().start();
