// The window of one served visit: its books, the handover form, amber until the server has answered, then green. One pane
// at a time, the summary of the visit beside it. Green comes from the server's answer and from nowhere else.

import { ask, stopAsking } from "../lane/ask-dialog.js";
import { askTransfer } from "../lane/moves.js";
import { noteTooSoon } from "../lane/recall.js";
import { RequestQueue } from "../lane/request-queue.js";
import { laneSettings, pointFields, tabletPoint } from "../lane/tablet-point.js";
import { byId, select, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { play } from "../lib/sounds.js";
import { BookList } from "./book-list.js";
import { Choice } from "./choice.js";
import { ClaimKeeper, servedCard } from "./claim.js";
import { HandoverForm } from "./handover-form.js";
import { draftOf, forgetDraft, keepDraft, pendingSubmission } from "./kept-work.js";
import { CheckingPanel, recordedPanel, stopPanel } from "./panels.js";
import { sendUntilAnswered } from "./pending-submission.js";
import { meaningOf } from "./scan-in-window.js";
import { mayGo } from "./status.js";
import { VisitSummary } from "./visit-summary.js";

const ENDS = ["divert", "leave"];
/** @type {Phase[]} phases in which the claim must hold */
const AT_WORK = ["visit", "form"];
const GONE = ["claimed_elsewhere", "not_serving", "not_found"]; // the visit is not this officer's any more
const IN_FORM = /^(passports\.\d+\.(identity|book)|shown|collector|signature)/; // fields of errors that the form can show

/** @typedef {import("./visit-summary.js").Phase} Phase */
/** @typedef {{element: HTMLElement, tick?: () => void, setLost?: (isLost: boolean) => void}} Pane */
/**
 * @typedef {object} WindowOptions
 * @property {Visit} visit which this officer serves here
 * @property {() => string | null} nextNo the next vehicle in turn
 * @property {() => void} onDone the window is finished with
 * @property {() => void} onCallNext finished, and the next vehicle is to be called
 * @property {(visit: Visit) => void} onAddCode finished, and the next code joins this visit
 * @property {(code: string) => void} onNextCode finished, and this code of the next vehicle was scanned
 * @property {(move: string, visit: Visit) => void} onMoved after a move
 */

export class VisitWindow {
  #root;
  #options;
  #visit;
  /** @type {WindowSettings} */
  #settings = { ...laneSettings(), ...JSON.parse(byId("window-settings").textContent ?? "") };
  #closing = new AbortController();
  #choice = new Choice();
  #collector = 1; // how many collectors of this vehicle have come
  /** @type {Pane | null} */
  #pane = null;
  /** @type {HandoverForm | null} */
  #form = null;
  /** @type {BookList | null} */
  #books = null;
  /** @type {Phase | null} */
  #phase = null;
  #isBusy = false;
  #summary;
  #claim;
  #requests;
  #ticking;
  #closeWindow;

  /**
   * @param {HTMLElement} root
   * @param {WindowOptions} options
   * @param {() => void} closeWindow
   */
  constructor(root, options, closeWindow) {
    this.#root = root;
    this.#closeWindow = closeWindow;
    this.#options = options;
    this.#visit = options.visit;
    this.#summary = new VisitSummary(select("aside", root), { onMove: (move) => this.#onMove(move) });
    this.#claim = new ClaimKeeper({
      visitId: options.visit.id,
      leaseSeconds: this.#settings.lease_seconds,
      onRenewed: (visit) => this.#update(visit),
      onLost: (error) => this.#stop(error),
    });
    this.#requests = new RequestQueue({
      onRefused: (sentence, error) => this.#refuse(sentence, error),
      onBusy: (isBusy) => {
        this.#isBusy = isBusy;
        this.#paint();
      },
    });
    this.#ticking = setInterval(() => this.#tick(), 1000);
    document.addEventListener("link", () => this.#paint(), { signal: this.#closing.signal });
    const pending = pendingSubmission(tabletPoint().staff, options.visit.id);
    if (pending) this.#submit(pending);
    else this.#showVisit();
    if (!pending) this.#goOnWithForm();
  }

  /**
   * Another officer's claim closes this window at once. A state without our claim may be older than it: the server is asked.
   * @param {LaneState} state
   */
  async learn(state) {
    this.#tick();
    const own = state.here.find(({ id, claim }) => id === this.#visit.id && claim?.mine);
    const card = own ?? (await servedCard(this.#visit.id));
    const isAtWork = this.#phase !== null && AT_WORK.includes(this.#phase);
    if (!isAtWork || this.#isBusy || card === undefined || this.#closing.signal.aborted) return;
    if (card?.claim?.mine) this.#update(card);
    else if (card)
      this.#stop({ code: "claimed_elsewhere", message: text("taken_over"), claim: card.claim ?? undefined });
    else this.#stop({ code: "not_serving", message: text("visit_gone") });
  }

  /** A wedge scanner sent this. @param {string} code */
  take(code) {
    const meaning = meaningOf(code, { phase: this.#phase, isDone: this.#visit.state !== "serving" });
    if (meaning === "next") return this.#finish(() => this.#options.onNextCode(code));
    if (meaning === "book" && this.#form?.take(code)) return;
    play("wait");
    this.#summary.refuse(text(meaning === "book" ? "no_row_for_book" : "finish_first", { no: this.#visit.queue_no }));
  }

  /** Whether a move of this visit may be undone: never while a handover is being recorded, or when it is. */
  get mayUndo() {
    return this.#phase === "visit";
  }

  /** Nothing of the visit stays on the page. */
  close() {
    this.#closing.abort();
    this.#form = this.#phase = null;
    this.#claim.close();
    clearInterval(this.#ticking);
    stopAsking();
    this.#summary.clear();
    this.#pane?.element.replaceChildren();
  }

  // --- the panes ---

  /**
   * @param {Pane} pane
   * @param {Phase} phase
   * @param {string} [at] when it was recorded, ISO
   */
  #show(pane, phase, at) {
    select("[data-pane]", this.#root).replaceWith(pane.element);
    pane.element.dataset.pane = phase;
    this.#pane = pane;
    this.#phase = phase;
    this.#claim.pause(!AT_WORK.includes(phase));
    this.#summary.show(this.#visit, phase, at);
    this.#paint();
    this.#tick();
    pane.element.scrollTop = 0;
    pane.element.focus();
  }

  /** Buttons that write wait for the connection and for the act under way. */
  #paint() {
    const isLost = !byId("offline").hidden;
    for (const button of selectAll("[data-writes]", this.#root, HTMLButtonElement))
      button.disabled = isLost || this.#isBusy;
    this.#summary.setLost(isLost, this.#visit);
    this.#pane?.setLost?.(isLost);
  }

  #tick() {
    this.#summary.tick(this.#visit);
    this.#pane?.tick?.();
  }

  #showVisit() {
    this.#form = null;
    this.#books = new BookList(this.#visit, {
      choice: this.#choice,
      collector: this.#collector,
      lane: tabletPoint().lane,
      onStart: (books) => this.#showForm(books),
      onAddCode: () => this.#finish(() => this.#options.onAddCode(this.#visit)),
      onTakeOut: (pickup, books) => this.#takeOut(pickup, books),
      onUnlock: (book) => this.#unlock(book),
    });
    this.#show(this.#books, "visit");
  }

  /** A form that a reload, a stray touch or an ended session has closed is open again. */
  #goOnWithForm() {
    const kept = this.#kept;
    if (!kept) return;
    const chosen = this.#visit.passports.filter(({ passport_id: id }) => kept.chosen.includes(id));
    this.#choice.only(chosen.filter((book) => mayGo(book)));
    const books = this.#visit.passports.filter((book) => this.#choice.has(book));
    if (kept.isOpen && books.length) this.#showForm(books);
    else this.#showVisit();
  }

  get #kept() {
    return draftOf(tabletPoint().staff, this.#visit.id);
  }

  /** @param {Omit<FormDraft, "at">} draft */
  #keep(draft) {
    keepDraft(tabletPoint().staff, this.#visit.id, draft);
  }

  #forget() {
    forgetDraft(tabletPoint().staff, this.#visit.id);
  }

  #backToVisit() {
    const kept = this.#kept;
    if (kept) this.#keep({ ...kept, isOpen: false });
    this.#showVisit();
  }

  /**
   * @param {Book[]} books
   * @param {HandoverBody} [draft]
   */
  #showForm(books, draft) {
    const { unsigned } = this.#settings.reasons;
    const form = new HandoverForm(this.#visit, books, {
      settings: this.#settings,
      draft,
      kept: draft ? null : this.#kept,
      onKeep: (kept) => this.#phase === "form" && this.#form === form && this.#keep(kept), // never after its end
      onConfirm: (body) => this.#submit({ staff: tabletPoint().staff, visit: this.#visit, body, since: Date.now() }),
      onStop: (error, book) => this.#phase === "form" && this.#stop(error, book), // a late answer finds the form gone
      askReason: async () => (await ask("unsigned", {}, { reason: unsigned }))?.reason ?? null,
    });
    this.#form = form;
    this.#show(form, "form");
    return form;
  }

  /** @param {PendingSubmission} submission */
  async #submit(submission) {
    this.#show(new CheckingPanel(submission.since), "checking");
    const answer = await sendUntilAnswered(submission, this.#closing.signal);
    if (answer?.ok) this.#showRecorded(answer.body);
    else if (answer) this.#showRefusal(answer.body.error, submission.body);
  }

  /** @param {HandoverRecord} record */
  #showRecorded(record) {
    this.#visit = record.visit;
    this.#form = null;
    this.#forget(); // the next collector of this vehicle is another person
    this.#collector++;
    this.#choice = new Choice(); // the next collector starts with all remaining books
    play("recorded");
    const pane = recordedPanel(record, { nextNo: this.#options.nextNo, onAct: (act) => this.#onAct(act) });
    this.#show(pane, "recorded", record.handovers[0].at);
  }

  /**
   * Errors of fields go back into the form (after a reload into a new one with the same key), others stop.
   * @param {ApiError} error
   * @param {HandoverBody} body
   */
  #showRefusal(error, body) {
    const ids = body.passports.map(({ passport_id: id }) => id);
    const books = ids.flatMap((wanted) => this.#visit.passports.filter(({ passport_id: id }) => id === wanted));
    if (!Object.keys(error.fields ?? {}).some((field) => IN_FORM.test(field)))
      return this.#stop(error, ids.length === 1 ? books[0] : undefined);
    play("stop");
    if (this.#form) this.#show(this.#form, "form");
    const form = this.#form ?? this.#showForm(books, body);
    form.refuse(error);
  }

  /**
   * @param {ApiError} error
   * @param {Book} [book]
   */
  #stop(error, book) {
    if (GONE.includes(error.code ?? "")) this.#forget();
    if (error.code === "locked" && book) this.#setLocked(book, true);
    play("stop");
    stopAsking();
    const shown = { message: text("locked_title"), ...error }; // only the last miss comes without a sentence
    const mayDo = { unlock: this.#settings.is_supervisor && Boolean(book), retry: this.#form !== null };
    this.#show(stopPanel(shown, { book, mayDo, onAct: (act) => this.#onAct(act, book) }), "stopped");
  }

  // --- acts and moves ---

  /**
   * @param {string} act of a panel
   * @param {Book} [book]
   */
  async #onAct(act, book) {
    const { onCallNext, onDone } = this.#options;
    if (act === "continue") this.#showVisit();
    else if (act === "retry") this.#showFormAgain();
    else if (act === "visit") this.#renewAndShow();
    else if (act === "divert") this.#end("divert");
    else if (act === "unlock" && book) this.#unlock(book);
    else if (await this.#leaveRemaining()) this.#finish(act === "next" ? onCallNext : onDone);
  }

  /** @param {string} move of the summary */
  #onMove(move) {
    if (move === "back") this.#backToVisit();
    else if (ENDS.includes(move)) this.#end(move);
    else if (move === "transfer") this.#transfer();
    else if (move === "no-show") this.#markNoShow();
    else this.#move(move);
  }

  #showFormAgain() {
    if (this.#form) this.#show(this.#form, "form");
  }

  /** @param {string} move */
  async #end(move) {
    const reasons = this.#settings.reasons[move];
    const lists = reasons ? { reason: reasons } : undefined;
    const answers = await ask(move.replace("-", "_"), { no: this.#visit.queue_no }, lists);
    if (answers && (await this.#move(move, answers))) this.#finish(this.#options.onDone);
  }

  /** Nothing is asked: the bar beside the queue undoes it. */
  async #markNoShow() {
    if (await this.#move("no-show", {})) this.#finish(this.#options.onDone);
  }

  async #transfer() {
    const fields = await askTransfer(this.#visit);
    if (fields && (await this.#move("transfer", fields))) this.#finish(this.#options.onDone);
  }

  /**
   * @param {number} pickup
   * @param {Book[]} books
   */
  async #takeOut(pickup, books) {
    const values = { no: this.#visit.queue_no, n: books.length, name: books[0].holder_name };
    if (!(await ask("take_out", values))) return;
    const visit = await this.#requests.send(`/api/v1/visits/${this.#visit.id}/pickups/${pickup}`, null);
    if (visit) this.#update(visit);
  }

  /** Books that stay behind are ready for another day; the visit ends. Resolves to whether the window may close. */
  async #leaveRemaining() {
    return this.#phase !== "recorded" || this.#visit.state !== "serving" || this.#move("leave");
  }

  async #renewAndShow() {
    if (await this.#move("serve")) this.#showVisit();
  }

  /**
   * Until the next card of the visit comes.
   * @param {Book} book
   * @param {boolean} isLocked
   */
  #setLocked({ passport_id: id }, isLocked) {
    for (const book of this.#visit.passports) if (book.passport_id === id) book.locked = isLocked;
  }

  /** @param {Book} book */
  async #unlock(book) {
    if (!(await this.#requests.send(`/api/v1/passports/${book.passport_id}/unlock`, {}))) return;
    this.#setLocked(book, false);
    if (this.#form) this.#show(this.#form, "form");
    else this.#renewAndShow();
  }

  /**
   * @param {string} move
   * @param {object} [body]
   */
  async #move(move, body = pointFields()) {
    const visit = await this.#requests.send(`/api/v1/visits/${this.#visit.id}/${move}`, body);
    if (visit) this.#update(visit);
    if (visit && visit.state !== "serving") this.#forget();
    if (visit && move !== "serve") this.#options.onMoved(move, visit);
    return visit;
  }

  /**
   * @param {string} sentence
   * @param {ApiError} error
   */
  #refuse(sentence, error) {
    if (error.code === "call_too_soon") noteTooSoon(this.#visit.id, error.wait_s);
    this.#summary.refuse(sentence);
  }

  /** A fresh card of the visit; the rows change when a book did, elsewhere or at the desk. @param {Visit} visit */
  #update(visit) {
    const isSame = JSON.stringify(visit.passports) === JSON.stringify(this.#visit.passports);
    this.#visit = visit;
    if (this.#phase === "visit" && !isSame) this.#books?.update(visit);
    this.#summary.tick(visit);
  }

  /** @param {() => void} next */
  #finish(next) {
    this.#closeWindow();
    next();
  }
}
