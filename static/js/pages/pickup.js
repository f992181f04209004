// Entry module. The applicant's page comes alive: the queue number, the position, the call with its sound, the arrival.
// Without news for some seconds it shows that: a frozen "go to lane 2" would be worse than none. A kept page says so too.

import { connect } from "../lib/connection.js";
import { byId, select } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { CallAlarm } from "../pickup/alarm.js";
import { sendArrivals, showArrival } from "../pickup/arrival.js";
import { sendCompanions } from "../pickup/companion.js";
import { FullscreenCode } from "../pickup/fullscreen-code.js";
import { showOfflinePage } from "../pickup/offline-page.js";
import { callOf, QueuePosition } from "../pickup/queue-position.js";
import { keepForLater } from "../pickup/register-worker.js";

const BEAT_S = 12; // a phone is spared: changes come at once, and only a loss is noticed later
const CHECK_LINK_EVERY_S = 10;
const GONE = 410;

class PickupPage {
  #main = select("[data-stage]");
  #age = byId("age");
  #alarm = new CallAlarm();
  #code = new FullscreenCode();
  #position = new QueuePosition();
  /** @type {PickupVisit | null} */
  #visit = null;
  /** @type {string | null} */
  #newestCall = null;
  #checkedAt = 0; // seconds of silence when the server was last asked about this link

  follow() {
    const { link = "" } = this.#main.dataset;
    const connection = connect({
      namespace: "/pickup",
      auth: { link },
      beat: BEAT_S,
      path: `/api/v1/pickup-state/${link}`,
      onState: (state) => this.#show(state),
      onAge: (...age) => this.#showAge(...age),
    });
    document.body.dataset.live = ""; // from here on this page shows its own age
    sendArrivals(() => connection.refresh());
  }

  /** @param {PickupState} state */
  #show(state) {
    const { books, stage, timezone = "" } = this.#main.dataset;
    if (state.books.map((book) => book.state).join(" ") !== books) return location.reload();
    const { visit } = state;
    this.#visit = visit;
    this.#position.show(visit);
    this.#position.showAdmission(state.line, timezone);
    const isOffered = stage === "ready" && state.line.open && (!visit || visit.state === "done");
    showArrival(state.arrival, isOffered, timezone);
    this.#alarm.offer(visit?.state === "waiting");
    const call = callOf(visit);
    if (call && visit?.state === "called" && call !== this.#newestCall) this.#code.hide();
    this.#newestCall = call;
    if (call) this.#alarm.ring(call);
  }

  /**
   * @param {number} seconds
   * @param {boolean} isStale
   * @param {boolean} isOld
   */
  #showAge(seconds, isStale, isOld) {
    if (seconds < this.#checkedAt) this.#checkedAt = 0;
    if (isStale && seconds - this.#checkedAt >= CHECK_LINK_EVERY_S) {
      this.#checkedAt = seconds;
      reloadIfReplaced();
    }
    const [sentence, number] = this.#age.children;
    const words = text(isStale ? "stale" : "old");
    this.#age.hidden = !this.#visit || !isOld;
    this.#age.classList.toggle("applicant-page__age--stale", isStale);
    if (sentence.textContent !== words) sentence.textContent = words; // announced once, not each second
    number.textContent = text("seconds", { n: seconds });
    this.#position.setStale(isStale);
  }
}

/** Silence may also mean that the desk has replaced this link: then its code must not stay on the screen. */
async function reloadIfReplaced() {
  const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.status === GONE) location.reload();
}

const page = new PickupPage();
sendCompanions();
if (document.body.dataset.kept) showOfflinePage(document.body.dataset.kept);
else {
  page.follow();
  if (document.readyState === "complete") keepForLater();
  else addEventListener("load", keepForLater);
}
