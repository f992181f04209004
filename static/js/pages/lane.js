// Entry module. The tablet of one point of a lane: scan -> verdict -> serve -> window, with the waiting list beside it.
// Sockets bring the state, every act goes over HTTP. While the connection is lost nothing can be done and nothing looks done.

import { BookAlarms, showAdmission } from "../lane/banners.js";
import { CheckingOverlay } from "../lane/checking-overlay.js";
import { CurrentVehicles } from "../lane/current-vehicles.js";
import { askForOthers, barLeaving, guardWork } from "../lane/leaving.js";
import { Moves } from "../lane/moves.js";
import { RecentVehicles } from "../lane/recent-vehicles.js";
import { GivenUp, newScan, send } from "../lane/scan.js";
import { ScannerPanel } from "../lane/scanner-panel.js";
import { showConnection, showScreen } from "../lane/status-lights.js";
import { pointFields, rememberPoint, tabletPoint } from "../lane/tablet-point.js";
import { learnOpenLanes } from "../lane/targets.js";
import { UndoBar } from "../lane/undo-bar.js";
import { VehicleForm } from "../lane/vehicle-form.js";
import { ageVerdict, refusalElement, verdictElement } from "../lane/verdict.js";
import { VerdictOverlay } from "../lane/verdict-overlay.js";
import { VerdictWatch } from "../lane/verdict-watch.js";
import { WaitingList } from "../lane/waiting-list.js";
import { connect } from "../lib/connection.js";
import { byId, markWrong, select, selectAll } from "../lib/dom.js";
import { typed } from "../lib/invisible.js";
import { text } from "../lib/messages.js";
import { play, unlockOnGesture } from "../lib/sounds.js";
import { keepAwake } from "../lib/wake-lock.js";
import { listenToWedge } from "../lib/wedge.js";
import { forgetOthers, pendingSubmission } from "../window/kept-work.js";
import { closeWindow, mayUndo, openWindow, updateWindow } from "../window/window.js";

const SLOW_MS = 300; // an answer that takes longer is announced as "checking"
const FULL_CODE = /SAB[0-9A-Z]{26}$/i; // a wedge scanner typed into the field, perhaps after other text

/** @typedef {import("../lane/scan.js").Answer} Answer */
/** @typedef {import("../lane/undo-bar.js").LastMove} LastMove */

class LanePage {
  #isLost = false;
  /** @type {AbortController | null} the scan that the server has not answered yet */
  #checking = null;
  /** @type {CheckingOverlay | null} */
  #amber = null;
  #givenUp = new GivenUp();
  #isWindowOpen = false;
  #title = document.title; // without a verdict
  #isFirstState = true;
  /** @type {{visit: Visit, isFromWindow: boolean} | null} the next code joins this vehicle */
  #adding = null;
  #moves = new Moves({
    onBusy: (isBusy) => this.#overlay.setBusy(isBusy),
    onRefused: (sentence) => {
      showRefusal(sentence);
      if (sentence) this.#watch.ask(); // the refusal names a state that the verdict may not know yet
    },
    onMoved: (move, visit) => this.#onMoved(move, visit),
    refresh: () => this.#connection.refresh(),
  });
  #overlay = new VerdictOverlay();
  #watch = new VerdictWatch({
    onChanged: (answer, isOtherTone) => this.#onVerdictChanged(answer, isOtherTone),
    onAged: (answer) => ageVerdict(answer),
    onDoubt: (isDoubtful) => this.#overlay.setDoubtful(isDoubtful),
  });
  #scanner = new ScannerPanel({ onCode: (code) => this.#scan(code), isCovered: () => this.#overlay.isShown });
  #vehicle = vehicleForm();
  #alarms = new BookAlarms();
  #undo = new UndoBar({ onUndo: (last) => this.#undoLast(last) });
  #waiting = new WaitingList({
    onCallNext: () => this.#moves.callNext(),
    onCall: (visit) => this.#moves.move(visit, "call"),
    onEdit: (visit) => this.#moves.edit(visit),
    onLeave: (visit) => this.#moves.move(visit, "leave"),
  });
  #current = new CurrentVehicles({ onMove: (visit, move) => this.#moves.move(visit, move) });
  #recent = new RecentVehicles({ onReturn: (visit) => this.#moves.move(visit, "return") });
  #connection = connect({
    namespace: "/lane",
    auth: pointFields(),
    path: `/api/v1/lanes/${tabletPoint().lane}/state`,
    onState: (state) => this.#onState(state),
    onAge: (seconds, isStale) => this.#onAge(seconds, isStale),
  });

  start() {
    rememberPoint();
    listenToWedge({ onCode: (code) => this.#onWedge(code), isActive: () => !this.#isWindowOpen });
    byId("typed").addEventListener("submit", (event) => this.#onTyped(event));
    byId("code").addEventListener("input", () => markTyped(""));
    byId("stop-adding").addEventListener("click", () => this.#stopAdding());
    unlockOnGesture();
    keepAwake();
    this.#scanner.open();
    setInterval(() => this.#tick(), 1000);
    guardWork();
    forgetOthers(tabletPoint().staff);
    askForOthers(showRefusal);
    this.#openQuestion(); // from before a reload: first the window asks whether it was recorded
  }

  // --- the state and the connection ---

  /** @param {LaneState} state */
  #onState(state) {
    this.#waiting.show(state);
    this.#current.show(state);
    this.#recent.show(state);
    this.#undo.learn(state);
    learnOpenLanes(state);
    showScreen(state.screen);
    showAdmission(state);
    this.#alarms.show(state.alarms);
    this.#watch.learn(state);
    if (this.#isWindowOpen) updateWindow(state);
    const own = state.here.find(({ state: now, claim }) => now === "serving" && claim?.mine);
    const mayOpen = this.#isFirstState && !this.#isWindowOpen && !tabletPoint().isGate;
    if (mayOpen && own) this.#openVisit(own);
    this.#isFirstState = false;
  }

  /**
   * @param {number} seconds
   * @param {boolean} isStale
   */
  #onAge(seconds, isStale) {
    showConnection(seconds, isStale);
    if (isStale === this.#isLost) return;
    this.#isLost = isStale;
    for (const part of [
      this.#overlay,
      this.#moves,
      this.#waiting,
      this.#current,
      this.#recent,
      this.#undo,
      this.#scanner,
    ])
      part.setLost(isStale);
    if (isStale) showScreen(null);
    if (isStale) this.#watch.lose();
    barLeaving(isStale);
    document.dispatchEvent(new CustomEvent("link", { detail: { isLost: isStale } }));
  }

  #tick() {
    for (const part of [this.#waiting, this.#current, this.#undo]) part.tick();
    this.#amber?.tick();
  }

  // --- scanning ---

  /** @param {Event} event */
  #onTyped(event) {
    event.preventDefault();
    const field = byId("code", HTMLInputElement);
    const input = typed(field.value);
    if (input) this.#scan(input.match(FULL_CODE)?.[0] ?? input, { isTyped: true });
    else field.focus();
  }

  /**
   * @param {string} input
   * @param {{isTyped?: boolean}} [options]
   */
  async #scan(input, { isTyped = false } = {}) {
    if (this.#isBarred || this.#isWindowOpen) return this.#scanner.forget();
    const checking = new AbortController();
    this.#checking = checking;
    showRefusal("");
    markTyped("");
    const showChecking = () => this.#showChecking(checking);
    const slow = setTimeout(showChecking, SLOW_MS);
    const details = this.#adding ? { visit_id: this.#adding.visit.id } : this.#vehicle?.value();
    const scan = this.#givenUp.repeated(newScan(tabletPoint().lane, input, details));
    const answer = await send(scan, { onUnanswered: showChecking, signal: checking.signal });
    clearTimeout(slow);
    this.#checking = this.#amber = null;
    if (answer) this.#showAnswer(answer, isTyped);
    else this.#giveUp(scan);
  }

  /** While the link is lost or the server has not answered, no other scan begins. */
  get #isBarred() {
    return this.#isLost || this.#checking !== null;
  }

  /** A scanner gives no sign of its own: what it reads in vain is answered. @param {string} code */
  #onWedge(code) {
    if (!this.#isBarred) return this.#scan(code);
    play("wait");
    showRefusal(text("scan_barred"));
  }

  /** Amber, once for each scan. @param {AbortController} checking */
  #showChecking(checking) {
    if (this.#checking !== checking || this.#amber) return;
    this.#watch.watch(null);
    this.#amber = new CheckingOverlay({ onCancel: () => checking.abort() });
    this.#overlay.show(this.#amber.element);
  }

  /** The officer has ended a scan without an answer. @param {import("../lane/scan.js").Scan} scan */
  #giveUp(scan) {
    this.#givenUp.keep(scan);
    this.#scanner.forget();
    this.#uncover();
    showRefusal(text("scan_given_up"));
  }

  /**
   * @param {Answer} answer
   * @param {boolean} isTyped
   */
  #showAnswer({ ok, body }, isTyped) {
    if (!ok) {
      play("stop");
      const onAct = (/** @type {string} */ act) => this.#onAct(act, null);
      this.#watch.watch(null);
      return this.#overlay.show(refusalElement(body?.error?.message ?? text("unanswered"), { onAct }), { isTyped });
    }
    if (isTyped && body.verdict === "malformed") return this.#refuseTyped(body);
    play(body.verdict === "repeat" ? "repeat" : body.tone);
    this.#showVerdict(body, { isTyped });
    if (isTyped) byId("code", HTMLInputElement).value = "";
    if (body.tone === "go") this.#onLetIn();
    document.title = `${text("lane")} ${tabletPoint().lane}: ${body.title}`;
  }

  /**
   * @param {ScanAnswer} answer
   * @param {{isTyped?: boolean}} [options]
   */
  #showVerdict(answer, options) {
    const onAct = (/** @type {string} */ act) => this.#onAct(act, answer.visit);
    this.#overlay.show(verdictElement(answer, { onAct }), options);
    this.#watch.watch(answer);
  }

  /**
   * Something happened elsewhere: the verdict on the screen is not true any more.
   * @param {ScanAnswer} answer
   * @param {boolean} isOtherTone
   */
  #onVerdictChanged(answer, isOtherTone) {
    if (!this.#overlay.isShown || this.#isWindowOpen) return;
    if (isOtherTone) play(/** @type {"go" | "wait" | "stop"} */ (answer.tone));
    this.#showVerdict(answer);
    document.title = `${text("lane")} ${tabletPoint().lane}: ${answer.title}`;
  }

  #uncover({ focus = false } = {}) {
    this.#watch.watch(null);
    this.#overlay.hide({ focus });
    document.title = this.#title;
  }

  /** A mistyped code is an error of its field: what was typed stays, selected for the next key. @param {ScanAnswer} answer */
  #refuseTyped({ title, advice }) {
    play("wait");
    this.#uncover();
    markTyped(`${title}. ${advice}`);
    const field = byId("code", HTMLInputElement);
    field.focus();
    field.select();
  }

  /** The vehicle is in the line: the next scan is about another one. */
  #onLetIn() {
    this.#endAdding();
    this.#vehicle?.reset();
  }

  /**
   * An act of a verdict.
   * @param {string} act
   * @param {Visit | null} visit
   */
  #onAct(act, visit) {
    if (act === "type") this.#uncover({ focus: true });
    else if (!visit || ["rescan", "next_scan", "supervisor"].includes(act)) this.#uncover();
    else if (act === "add") this.#add(visit, false);
    else if (act === "edit") this.#moves.edit(visit);
    else if (act === "inside") this.#moves.move(visit, "divert", { isConfirmed: true });
    else this.#moves.move(visit, act);
  }

  // --- moves ---

  /**
   * A move was made: its officer may undo it for a moment.
   * @param {string} move
   * @param {Visit} visit
   */
  #onMoved(move, visit) {
    this.#undo.offer(move, visit);
    if (move === "serve") this.#openVisit(visit);
    else this.#uncover();
  }

  /** @param {LastMove} last */
  #undoLast(last) {
    if (this.#isWindowOpen && !mayUndo()) return;
    this.#undo.forget();
    if (this.#isWindowOpen) {
      closeWindow();
      this.#showWindow(false);
    }
    this.#moves.undo(last);
  }

  // --- the window ---

  /** @param {Visit} visit */
  #openVisit(visit) {
    this.#showWindow(true);
    openWindow(byId("window"), {
      visit,
      nextNo: () => this.#waiting.nextNo,
      onDone: () => this.#showWindow(false),
      onCallNext: () => {
        this.#showWindow(false);
        this.#moves.callNext();
      },
      onNextCode: (code) => {
        this.#showWindow(false);
        this.#scan(code);
      },
      onAddCode: (served) => this.#add(served, true),
      onMoved: (move, moved) => this.#undo.offer(move, moved),
    });
  }

  /** @param {boolean} isOpen */
  #showWindow(isOpen) {
    this.#isWindowOpen = isOpen;
    this.#endAdding();
    this.#uncover();
    byId("scanner").hidden = isOpen;
    byId("window").hidden = !isOpen;
    const place = byId("place");
    place.textContent = (isOpen ? place.dataset.window : place.dataset.scan) ?? "";
    if (isOpen) this.#scanner.close();
    else this.#scanner.open();
    this.#connection.refresh();
    if (!isOpen) this.#openQuestion();
  }

  /** A handover without an answer comes back as amber, until it is known whether it was recorded. */
  #openQuestion() {
    const pending = pendingSubmission(tabletPoint().staff);
    if (pending) this.#openVisit(pending.visit);
  }

  /**
   * The next code joins this visit; afterwards "serve" leads (back) to the window.
   * @param {Visit} visit
   * @param {boolean} isFromWindow
   */
  #add(visit, isFromWindow) {
    if (isFromWindow) this.#showWindow(false);
    this.#adding = { visit, isFromWindow };
    this.#scanner.setAddingTo(visit.queue_no);
    this.#uncover();
  }

  #endAdding() {
    this.#adding = null;
    this.#scanner.setAddingTo(null);
  }

  #stopAdding() {
    const stopped = this.#adding;
    this.#endAdding();
    if (stopped?.isFromWindow) this.#moves.move(stopped.visit, "serve");
  }
}

/** The form of the next vehicle; a window has none. */
function vehicleForm() {
  const form = document.getElementById("vehicle");
  return form instanceof HTMLFormElement ? new VehicleForm(form) : null;
}

/** The sentence of the field of the typed code; "" takes it away. @param {string} sentence */
function markTyped(sentence) {
  const error = byId("code-error");
  error.hidden = !sentence;
  select("[data-word]", error).textContent = sentence;
  markWrong(byId("code"), Boolean(sentence));
}

/** Show the sentence of a refusal; "" hides it. @param {string} sentence */
function showRefusal(sentence) {
  for (const refusal of selectAll("[data-refusal]")) {
    refusal.hidden = !sentence;
    select("[data-word]", refusal).textContent = sentence;
  }
}

new LanePage().start();
