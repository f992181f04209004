// The window of one served visit: its ledger, the handover form, amber until the server has answered, then green.
// One pane at a time, the visit beside it. Green comes from the server's answer and from nowhere else.

import { ask, stopAsking } from "../lane/ask-dialog.js";
import { askTransfer } from "../lane/moves.js";
import { tooSoon } from "../lane/recall.js";
import { acts } from "../lane/request-queue.js";
import { here, settings as lane, place } from "../lane/tablet-point.js";
import { wedge } from "../lane/wedge.js";
import { text } from "../lib/messages.js";
import { play } from "../lib/sounds.js";
import { ledgerPane } from "./book-list.js";
import { Choice } from "./choice.js";
import { keepClaim, servedCard } from "./claim.js";
import { handoverForm } from "./handover-form.js";
import { checkingPanel, recordedPanel, stopPanel } from "./panels.js";
import { askUntilAnswered, keptQuestion } from "./pending-submission.js";
import { sidePanel } from "./visit-summary.js";

const settings = { ...lane, ...JSON.parse(document.getElementById("window-settings").textContent) };
const ENDS = ["no-show", "divert", "leave"];
const AT_WORK = ["visit", "form"]; // phases in which the claim must hold
const IN_FORM = /^(passports\.\d+\.(identity|book)|shown|collector|signature)/; // places of errors that the form can show

let opened = null;
wedge({ onCode: (code) => opened.take(code), isActive: () => opened !== null });

/**
 * Show `visit`, which this officer serves here. `nextNo()` is who waits next, or null; `onDone()` when the window is
 * finished with, `onCallNext()` and `onAddCode(visit)` likewise with what is wanted then; `onMoved(name, card)` after a move.
 */
export function openWindow(root, options) {
  closeWindow();
  opened = new Window(root, options);
}

/** The lane's state came: the books of the visit may have moved, or the visit to another officer. */
export function windowLearns(state) {
  opened?.learn(state);
}

export function closeWindow() {
  opened?.close();
  opened = null;
}

class Window {
  leaving = new AbortController();
  locked = new Set(); // ids of pickups that a supervisor must open
  choice = new Choice();
  collector = 1; // how many collectors of this car have come
  pane = null;
  form = null;
  phase = null;
  isBusy = false;

  constructor(root, { visit, ...wanted }) {
    Object.assign(this, { root, visit, wanted });
    this.side = sidePanel(root.querySelector("aside"), { onMove: (name) => this.onMove(name) });
    this.claim = keepClaim({
      visitId: visit.id,
      leaseSeconds: settings.lease_seconds,
      onRenewed: (card) => this.renew(card),
      onLost: (error) => this.stop(error),
    });
    this.act = acts({
      onRefused: (sentence, error) => {
        if (error.code === "call_too_soon") tooSoon(visit.id, error.wait_s);
        this.side.refuse(sentence);
      },
      onBusy: (isBusy) => {
        this.isBusy = isBusy;
        this.paint();
      },
    });
    this.ticking = setInterval(() => this.tick(), 1000);
    document.addEventListener("link", () => this.paint(), { signal: this.leaving.signal });
    const kept = keptQuestion();
    if (kept?.visit.id === visit.id) this.check(kept);
    else this.showVisit();
  }

  show(pane, phase, at) {
    this.root.querySelector("[data-pane]").replaceWith(pane.element);
    pane.element.dataset.pane = phase;
    Object.assign(this, { pane, phase });
    this.claim.pause(!AT_WORK.includes(phase));
    this.side.show(this.visit, phase, at);
    this.paint();
    this.tick();
    pane.element.scrollTop = 0;
    pane.element.focus();
  }
  /** What writes waits: for the link, or for the act under way. */
  paint() {
    const isLost = !document.getElementById("offline").hidden;
    for (const button of this.root.querySelectorAll("[data-writes]")) button.disabled = isLost || this.isBusy;
    this.side.lost(isLost, this.visit);
    this.pane.lost?.(isLost);
  }
  tick() {
    this.side.tick(this.visit);
    this.pane.tick?.();
  }

  showVisit() {
    this.form = null;
    const pane = ledgerPane(this.visit, {
      choice: this.choice,
      locked: this.locked,
      collector: this.collector,
      lane: place.lane,
      onStart: (books) => this.showForm(books),
      onAddCode: () => this.finish(() => this.wanted.onAddCode(this.visit)),
      onTakeOut: (pickup, books) => this.takeOut(pickup, books),
    });
    this.show(pane, "visit");
  }
  showForm(books, draft) {
    this.form = handoverForm(this.visit, books, {
      settings,
      draft,
      onConfirm: (body) => this.check({ visit: this.visit, body, since: Date.now() }),
      onStop: (error, book) => this.phase === "form" && this.stop(error, book), // a late answer finds the form gone
      askReason: async () => (await ask("unsigned", {}, { reason: settings.reasons.unsigned }))?.reason ?? null,
    });
    this.show(this.form, "form");
  }
  async check(question) {
    this.show(checkingPanel(question.since), "checking");
    const answer = await askUntilAnswered(question, this.leaving.signal);
    if (answer?.ok) this.showRecorded(answer.body);
    else if (answer) this.showRefusal(answer.body.error, question.body);
  }
  showRecorded(record) {
    this.visit = record.visit;
    this.form = null;
    this.collector++;
    this.choice = new Choice(); // the next collector begins with all that is left
    play("recorded");
    const pane = recordedPanel(record, { nextNo: this.wanted.nextNo?.() ?? null, onAct: (act) => this.onAct(act) });
    this.show(pane, "recorded", record.handovers[0].at);
  }
  /** Errors of fields go back into the form (after a reload into a new one with the same key), the rest stops. */
  showRefusal(error, body) {
    const books = body.passports.map(({ passport_id: id }) =>
      this.visit.passports.find((one) => one.passport_id === id),
    );
    if (!Object.keys(error.fields ?? {}).some((place) => IN_FORM.test(place)))
      return this.stop(error, books.length === 1 ? books[0] : undefined);
    play("stop");
    if (this.form) this.show(this.form, "form");
    else this.showForm(books, body);
    this.form.refuse(error);
  }
  stop(error, book) {
    if (error.code === "locked" && book) this.locked.add(book.pickup_id);
    play("stop");
    stopAsking();
    const told = { message: text("locked_title"), ...error }; // only the last miss comes without a sentence
    const mayDo = { unlock: settings.is_supervisor && book, retry: this.form };
    this.show(stopPanel(told, { book, mayDo, onAct: (act) => this.onAct(act, book) }), "stopped");
  }

  async onAct(act, book) {
    if (act === "continue") this.showVisit();
    else if (act === "retry") this.show(this.form, "form");
    else if (act === "visit") this.renewAndShow();
    else if (act === "divert") this.end("divert");
    else if (act === "unlock") this.unlock(book);
    else if (await this.leaveWhatIsLeft()) this.finish(act === "next" ? this.wanted.onCallNext : this.wanted.onDone);
  }
  onMove(name) {
    if (name === "back") this.showVisit();
    else if (ENDS.includes(name)) this.end(name);
    else if (name === "transfer") this.transfer();
    else this.move(name);
  }
  async end(name) {
    const reason = { reason: settings.reasons[name] };
    const told = await ask(name.replace("-", "_"), { no: this.visit.queue_no }, settings.reasons[name] ? reason : {});
    if (told && (await this.move(name, told))) this.finish(this.wanted.onDone);
  }
  async transfer() {
    const told = await askTransfer(this.visit);
    if (told && (await this.move("transfer", told))) this.finish(this.wanted.onDone);
  }
  async takeOut(pickup, books) {
    const told = await ask("take_out", { no: this.visit.queue_no, n: books.length, name: books[0].holder_name });
    const card = told && (await this.act(`/api/v1/visits/${this.visit.id}/pickups/${pickup}`, null));
    if (card) this.renew(card);
  }
  /** Books that stay behind are ready for another day; the visit ends. */
  async leaveWhatIsLeft() {
    return this.phase !== "recorded" || this.visit.state !== "serving" || this.move("leave");
  }
  async renewAndShow() {
    if (await this.move("serve")) this.showVisit();
  }
  async unlock(book) {
    if (!(await this.act(`/api/v1/pickups/${book.pickup_id}/unlock`))) return;
    this.locked.delete(book.pickup_id);
    if (this.form) this.show(this.form, "form");
    else this.renewAndShow();
  }
  async move(name, body = here) {
    const moved = await this.act(`/api/v1/visits/${this.visit.id}/${name}`, body);
    if (moved) this.renew(moved);
    if (moved && name !== "serve") this.wanted.onMoved(name, moved);
    return moved;
  }
  /** A fresh card of the visit; the ledger's rows change when a book did, elsewhere or at the desk. */
  renew(visit) {
    const isSame = JSON.stringify(visit.passports) === JSON.stringify(this.visit.passports);
    this.visit = visit;
    if (this.phase === "visit" && !isSame) this.pane.update(visit);
    this.side.tick(visit);
  }
  /** Somebody else's claim ends this window at once. News that do not know ours may be older than it: one asks. */
  async learn(state) {
    const mine = state.here.find(({ id, claim }) => id === this.visit.id && claim?.mine);
    const card = mine ?? (await servedCard(this.visit.id));
    if (!AT_WORK.includes(this.phase) || this.isBusy || card === undefined || this.leaving.signal.aborted) return;
    if (card?.claim?.mine) this.renew(card);
    else if (card) this.stop({ code: "claimed_elsewhere", message: text("taken_over"), claim: card.claim });
    else this.stop({ code: "not_serving", message: text("visit_gone") });
  }

  take(code) {
    if (this.phase === "form") this.form.take(code);
  }
  finish(then) {
    closeWindow();
    then();
  }
  /** Nothing of the visit stays on the page. */
  close() {
    this.leaving.abort();
    this.claim.close();
    clearInterval(this.ticking);
    stopAsking();
    this.side.clear();
    this.pane.element.replaceChildren();
  }
}
