// The window of one served visit: its books, the handover form, amber until the server has answered, then green. One pane
// at a time, the summary of the visit beside it. Green comes from the server's answer and from nowhere else.

import { stopAsking } from "../lane/ask-dialog.js";
import { laneSettings, tabletPoint } from "../lane/tablet-point.js";
import { byId } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { play } from "../lib/sounds.js";
import { BookList } from "./book-list.js";
import { Choice } from "./choice.js";
import { ClaimKeeper, servedCard } from "./claim.js";
import { Handover } from "./handover.js";
import { pendingSubmission } from "./kept-work.js";
import { recordedPanel, stopPanel } from "./panels.js";
import { ScansInWindow } from "./scan-in-window.js";
import { mayGo } from "./status.js";
import { VisitMoves } from "./visit-moves.js";
import { WindowFrame } from "./window-frame.js";

/** @type {(Phase | null)[]} phases in which the claim must hold */
const AT_WORK = ["visit", "form"];
const GONE = ["claimed_elsewhere", "not_serving", "not_found"]; // the visit is not this officer's any more

/** @typedef {import("./visit-summary.js").Phase} Phase */
/**
 * @typedef {object} WindowOptions
 * @property {Visit} visit which this officer serves here
 * @property {() => string | null} nextNo the next vehicle in turn
 * @property {() => void} onDone the window is finished with
 * @property {() => void} onCallNext finished, and the next vehicle is to be called
 * @property {(visit: Visit) => void} onAddCode finished, and the next code joins this visit
 * @property {(code: string) => void} onNextCode finished, and this code of the next vehicle was scanned
 * @property {(move: string, visit: Visit) => void} onMoved after a move
 * @property {(visit: Visit, reason?: string) => void} onCallSupervisor without a reason the officer chooses one
 */

export class VisitWindow {
  #options;
  #visit;
  #closeWindow;
  /** @type {WindowSettings} */
  #settings = { ...laneSettings(), ...JSON.parse(byId("window-settings").textContent ?? "") };
  #choice = new Choice();
  #collector = 1; // how many collectors of this vehicle have come
  /** @type {BookList | null} */
  #books = null;
  #isClosed = false;
  #frame;
  #claim;
  #moves;
  #handover;
  scans;

  /**
   * @param {HTMLElement} root
   * @param {WindowOptions} options
   * @param {() => void} closeWindow
   */
  constructor(root, options, closeWindow) {
    this.#closeWindow = closeWindow;
    this.#options = options;
    this.#visit = options.visit;
    const visit = () => this.#visit;
    this.#frame = new WindowFrame(root, {
      visit,
      onMove: (move) => this.#onMove(move),
      onPhase: (phase) => this.#claim.pause(!AT_WORK.includes(phase)),
    });
    this.#claim = new ClaimKeeper({
      visitId: options.visit.id,
      leaseSeconds: this.#settings.lease_seconds,
      onRenewed: (card) => this.#update(card),
      onLost: (error) => this.#stop(error),
    });
    this.#moves = new VisitMoves({
      visit,
      reasons: this.#settings.reasons,
      onBusy: (isBusy) => this.#frame.setBusy(isBusy),
      onRefused: (sentence) => this.#frame.refuse(sentence),
      onCard: (card) => this.#update(card),
      onMoved: (move, card) => this.#onMoved(move, card),
      onEnded: () => this.#finish(options.onDone),
    });
    this.#handover = new Handover({
      frame: this.#frame,
      visit,
      settings: this.#settings,
      onRecorded: (record) => this.#showRecorded(record),
      onStop: (error, book) => this.#stop(error, book),
    });
    this.scans = new ScansInWindow({
      frame: this.#frame,
      handover: this.#handover,
      visit,
      onNext: (code) => this.#finish(() => options.onNextCode(code)),
      onStart: (book) => this.#handover.open(this.#choice.with(book).of(this.#visit)),
    });
    this.#begin();
  }

  /** An unanswered handover is asked about first; a form that a reload or an ended session has closed is open again. */
  #begin() {
    const pending = pendingSubmission(tabletPoint().staff, this.#visit.id);
    if (pending) return this.#handover.submit(pending);
    this.#showVisit();
    if (this.#handover.draft) this.#goOnWithForm();
    else if (this.#isOneReadyBook) this.#handover.open(this.#visit.passports);
  }

  /** Then there is nothing to choose: the form is open at once. */
  get #isOneReadyBook() {
    const { passports } = this.#visit;
    return passports.length === 1 && mayGo(passports[0]);
  }

  /**
   * Another officer's claim closes this window at once. A state without our claim may be older than it: the server is asked.
   * @param {LaneState} state
   */
  async learn(state) {
    this.#frame.tick();
    this.#frame.showPace(state.pace);
    this.#handover.learnPermit(state.supervisor_calls ?? []);
    const own = state.here.find(({ id, claim }) => id === this.#visit.id && claim?.mine);
    const card = own ?? (await servedCard(this.#visit.id));
    const isAtWork = AT_WORK.includes(this.#frame.phase);
    if (!isAtWork || this.#frame.isBusy || card === undefined || this.#isClosed) return;
    if (card?.parked) this.#stop({ code: "parked", message: text("parked_elsewhere") });
    else if (card?.claim?.mine) this.#update(card);
    else if (card)
      this.#stop({ code: "claimed_elsewhere", message: text("taken_over"), claim: card.claim ?? undefined });
    else this.#stop({ code: "not_serving", message: text("visit_gone") });
  }

  /** A supervisor has decided: a stop that waited for it goes on. @param {SupervisorCall} call */
  decided({ visit_id: id, decision }) {
    if (id !== this.#visit.id || this.#frame.phase !== "stopped") return;
    if (decision === "unlock") this.#goOnUnlocked();
    else if (decision === "allow_late") this.#renewAndShow();
  }

  /** Whether a move of this visit may be undone: never with a form that was begun, or a handover that is being recorded. */
  get mayUndo() {
    const { phase } = this.#frame;
    return phase === "visit" || (phase === "form" && !this.#handover.isBegun);
  }

  /** Nothing of the visit stays on the page. */
  close() {
    this.#isClosed = true;
    this.#handover.close();
    this.#claim.close();
    this.#frame.close();
    stopAsking();
  }

  // --- the panes ---

  #showVisit() {
    this.#handover.drop();
    this.#books = new BookList(this.#visit, {
      choice: this.#choice,
      collector: this.#collector,
      lane: tabletPoint().lane,
      onStart: (books) => this.#handover.open(books),
      onAddCode: () => this.#finish(() => this.#options.onAddCode(this.#visit)),
      onTakeOut: (pickup, books) => this.#moves.takeOut(pickup, books),
      onUnlock: (book) => this.#unlock(book),
    });
    this.#frame.show(this.#books, "visit");
  }

  #goOnWithForm() {
    const { draft } = this.#handover;
    if (!draft) return;
    this.#choice.restore(draft, this.#visit);
    const books = this.#choice.of(this.#visit);
    if (draft.isOpen && books.length) this.#handover.open(books);
    else this.#showVisit();
  }

  #backToVisit() {
    this.#choice.leaveOut(this.#handover.stepBack());
    this.#showVisit();
  }

  /** @param {HandoverRecord} record */
  #showRecorded(record) {
    this.#visit = record.visit;
    this.#collector++;
    this.#choice = new Choice(); // the next collector starts with all remaining books
    play("recorded");
    const pane = recordedPanel(record, { nextNo: this.#options.nextNo, onAct: (act) => this.#onAct(act) });
    this.#frame.show(pane, "recorded", record.handovers[0].at);
  }

  /**
   * @param {ApiError} error
   * @param {Book} [book]
   */
  #stop(error, book) {
    if (GONE.includes(error.code ?? "")) this.#handover.forget();
    if (error.code === "locked" && book) this.#setLocked(book, true);
    play("stop");
    stopAsking();
    const shown = { message: text("locked_title"), ...error }; // only the last miss comes without a sentence
    const { is_supervisor: isSupervisor } = this.#settings;
    const [retry, without] = [this.#handover.hasForm, this.#handover.hasOthers(book)];
    const mayDo = { unlock: isSupervisor && Boolean(book), supervisor: !isSupervisor, retry, without };
    this.#frame.show(stopPanel(shown, { book, mayDo, onAct: (act) => this.#onStopAct(act, error, book) }), "stopped");
  }

  // --- acts and moves ---

  /**
   * @param {string} act of the stop
   * @param {ApiError} error
   * @param {Book} [book]
   */
  #onStopAct(act, error, book) {
    const reason = error.code === "overdue" ? "overdue" : "locked";
    if (act === "supervisor") this.#options.onCallSupervisor(this.#visit, reason);
    else this.#onAct(act, book);
  }

  /**
   * @param {string} act of a panel
   * @param {Book} [book]
   */
  async #onAct(act, book) {
    const { onCallNext, onDone } = this.#options;
    if (act === "continue") this.#showVisit();
    else if (act === "retry") this.#handover.showAgain();
    else if (act === "visit") this.#renewAndShow();
    else if (act === "divert") this.#moves.end("divert");
    else if (act === "without" && book) this.#handover.goOnWithout(book);
    else if (act === "unlock" && book) this.#unlock(book);
    else if (await this.#leaveRemaining()) this.#finish(act === "next" ? onCallNext : onDone);
  }

  /** @param {string} move of the summary */
  #onMove(move) {
    if (move === "back") this.#backToVisit();
    else if (move === "supervisor") this.#options.onCallSupervisor(this.#visit);
    else this.#moves.make(move);
  }

  /**
   * @param {string} move
   * @param {Visit} card
   */
  #onMoved(move, card) {
    if (card.state !== "serving") this.#handover.forget();
    if (move !== "serve") this.#options.onMoved(move, card);
  }

  /** Books that stay behind are ready for another day; the visit ends. Resolves to whether the window may close. */
  async #leaveRemaining() {
    return this.#frame.phase !== "recorded" || this.#visit.state !== "serving" || this.#moves.leave();
  }

  async #renewAndShow() {
    if (await this.#moves.serve()) this.#showVisit();
  }

  /** @param {Book} book */
  async #unlock(book) {
    if (await this.#moves.unlock(book)) this.#goOnUnlocked();
  }

  #goOnUnlocked() {
    for (const book of this.#visit.passports) this.#setLocked(book, false);
    if (this.#handover.hasForm) this.#handover.showAgain();
    else this.#renewAndShow();
  }

  /**
   * Until the next card of the visit comes.
   * @param {Book} book
   * @param {boolean} isLocked
   */
  #setLocked({ passport_id: id }, isLocked) {
    for (const book of this.#visit.passports) if (book.passport_id === id) book.locked = isLocked;
  }

  /** A fresh card of the visit; the rows change when a book did, elsewhere or at the desk. @param {Visit} visit */
  #update(visit) {
    const isSame = JSON.stringify(visit.passports) === JSON.stringify(this.#visit.passports);
    this.#visit = visit;
    if (this.#frame.phase === "visit" && !isSame) this.#books?.update(visit);
    this.#frame.tick();
  }

  /** @param {() => void} next */
  #finish(next) {
    this.#closeWindow();
    next();
  }
}
