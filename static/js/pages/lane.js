// Entry module. The tablet of one point of a lane: scan -> verdict -> serve -> window, with the waiting list beside it.
// Sockets bring the state, every act goes over HTTP. While the connection is lost nothing can be done and nothing looks done.

import { BookAlarms, showAdmission } from "../lane/banners.js";
import { CurrentVehicles } from "../lane/current-vehicles.js";
import { askForOthers, barLeaving, guardWork } from "../lane/leaving.js";
import { Moves } from "../lane/moves.js";
import { showToday } from "../lane/pace.js";
import { ParkedVehicles } from "../lane/parked-vehicles.js";
import { RecentVehicles } from "../lane/recent-vehicles.js";
import { showRefusal } from "../lane/refusal.js";
import { Scanner } from "../lane/scanner.js";
import { showConnection, showScreen } from "../lane/status-lights.js";
import { SupervisorCalls } from "../lane/supervisor-calls.js";
import { laneSettings, pointFields, rememberPoint, tabletPoint } from "../lane/tablet-point.js";
import { learnOpenLanes } from "../lane/targets.js";
import { UndoBar } from "../lane/undo-bar.js";
import { WaitingList } from "../lane/waiting-list.js";
import { connect } from "../lib/connection.js";
import { byId, select } from "../lib/dom.js";
import { NumberPad } from "../lib/number-pad.js";
import { playWith, unlockOnGesture } from "../lib/sounds.js";
import { vibrate } from "../lib/vibration.js";
import { keepAwake } from "../lib/wake-lock.js";
import { forgetOthers, pendingSubmission } from "../window/kept-work.js";
import { closeWindow, mayUndo, notifyDecision, openWindow, updateWindow } from "../window/window.js";

/** @typedef {import("../lane/undo-bar.js").LastMove} LastMove */

class LanePage {
  #isLost = false;
  #isWindowOpen = false;
  #isFirstState = true;
  #moves = new Moves({
    onBusy: (isBusy) => this.#scanner.verdict.setBusy(isBusy),
    onRefused: (sentence) => {
      showRefusal(sentence);
      if (sentence) this.#scanner.verdict.ask();
    },
    onMoved: (move, visit) => this.#onMoved(move, visit),
    refresh: () => this.#connection.refresh(),
  });
  #scanner = new Scanner({
    onAct: (act, visit) => this.#onAct(act, visit),
    onBackToWindow: (visit) => this.#moves.move(visit, "serve"),
  });
  #alarms = new BookAlarms();
  #calls = new SupervisorCalls({ onDecided: (call) => this.#onDecided(call) });
  #undo = new UndoBar({ onUndo: (last) => this.#undoLast(last) });
  #waiting = new WaitingList({
    onCallNext: () => this.#moves.callNext(),
    onCall: (visit) => this.#moves.move(visit, "call"),
    onEdit: (visit) => this.#moves.edit(visit),
    onLeave: (visit) => this.#moves.move(visit, "leave"),
  });
  #current = new CurrentVehicles({ onMove: (visit, move) => this.#moves.move(visit, move) });
  #parked = new ParkedVehicles({ onResume: (visit) => this.#moves.move(visit, "resume") });
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
    unlockOnGesture();
    playWith(vibrate);
    keepAwake();
    new NumberPad(select(".pad", byId("window")), byId("window"));
    this.#scanner.start();
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
    this.#parked.show(state);
    this.#recent.show(state);
    showToday(state);
    this.#undo.learn(state);
    learnOpenLanes(state);
    showScreen(state.screen);
    showAdmission(state);
    this.#alarms.show(state.alarms);
    this.#scanner.verdict.learn(state);
    if (this.#isWindowOpen) updateWindow(state);
    this.#calls.learn(state);
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
      this.#scanner,
      this.#moves,
      this.#waiting,
      this.#current,
      this.#parked,
      this.#recent,
      this.#undo,
      this.#calls,
    ])
      part.setLost(isStale);
    if (isStale) showScreen(null);
    barLeaving(isStale);
    document.dispatchEvent(new CustomEvent("link", { detail: { isLost: isStale } }));
  }

  #tick() {
    const parts = [this.#scanner, this.#waiting, this.#current, this.#parked, this.#undo, this.#calls];
    for (const part of parts) part.tick();
  }

  // --- acts and moves ---

  /**
   * An act of a verdict.
   * @param {string} act
   * @param {Visit | null} visit
   */
  #onAct(act, visit) {
    if (act === "type") this.#scanner.typeCode();
    else if (act === "supervisor") this.#waitForSupervisor();
    else if (!visit || ["rescan", "next_scan"].includes(act)) this.#scanner.verdict.uncover();
    else if (act === "add") this.#scanner.addTo(visit, { isFromWindow: false });
    else if (act === "edit") this.#moves.edit(visit);
    else if (act === "direct") this.#moves.direct(visit, this.#scanner.verdict.facts);
    else if (act === "inside") this.#moves.move(visit, "divert", { isConfirmed: true });
    else this.#moves.move(visit, act, { facts: this.#scanner.verdict.facts });
  }

  /** The scanned vehicle is let in to wait for a supervisor; an officer who is one serves it. */
  async #waitForSupervisor() {
    const answer = await this.#scanner.letInForSupervisor();
    if (!answer?.visit) return;
    if (laneSettings().is_supervisor) this.#moves.move(answer.visit, "serve", { facts: answer.facts });
    else this.#calls.call(answer.visit, answer.verdict === "overdue" ? "overdue" : "locked");
  }

  /** A supervisor has decided: what the tablet shows of this vehicle changes by itself. @param {SupervisorCall} call */
  #onDecided(call) {
    if (this.#isWindowOpen) notifyDecision(call);
    else if (["unlock", "allow_late"].includes(call.decision ?? "")) this.#scanner.scanAgain(call.visit_id);
  }

  /**
   * A move was made: its officer may undo it for a moment.
   * @param {string} move
   * @param {Visit} visit
   */
  #onMoved(move, visit) {
    this.#undo.offer(move, visit);
    if (move === "serve" || move === "resume") this.#openVisit(visit);
    else if (move === "direct") this.#scanner.verdict.update(visit);
    else this.#scanner.verdict.uncover();
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
        this.#scanner.scan(code);
      },
      onAddCode: (served) => {
        this.#showWindow(false);
        this.#scanner.addTo(served, { isFromWindow: true });
      },
      onMoved: (move, moved) => this.#undo.offer(move, moved),
      onCallSupervisor: (served, reason) =>
        reason ? this.#calls.call(served, reason) : this.#calls.askAndCall(served),
    });
  }

  /** @param {boolean} isOpen */
  #showWindow(isOpen) {
    this.#isWindowOpen = isOpen;
    this.#scanner.setOpen(!isOpen);
    byId("window").hidden = !isOpen;
    const place = byId("place");
    place.textContent = (isOpen ? place.dataset.window : place.dataset.scan) ?? "";
    this.#connection.refresh();
    if (!isOpen) this.#openQuestion();
  }

  /** A handover without an answer comes back as amber, until it is known whether it was recorded. */
  #openQuestion() {
    const pending = pendingSubmission(tabletPoint().staff);
    if (pending) this.#openVisit(pending.visit);
  }
}

new LanePage().start();
