// The window of one served visit: its ledger, the handover form, amber until the server has answered, then green.
// One pane at a time, the visit beside it. Green comes from the server's answer and from nowhere else.

import { play } from "../lib/sounds.js";
import { text } from "../lib/texts.js";
import { wedge } from "../lane/wedge.js";
import { acts } from "./acts.js";
import { ask } from "./ask.js";
import { keepClaim } from "./claim.js";
import { handoverForm } from "./form.js";
import { ledgerPane } from "./ledger.js";
import { checkingPanel, recordedPanel, stopPanel } from "./panels.js";
import { askUntilAnswered, keptQuestion } from "./question.js";
import { sidePanel } from "./side.js";

const settings = JSON.parse(document.getElementById("window-settings").textContent);
const ENDS = ["no-show", "divert", "leave"];
const IN_FORM = /^(passports\.\d+\.(identity|book)|shown|collector|signature)/; // places of errors that the form can show

let opened = null;
wedge({ onCode: (code) => opened.take(code), isActive: () => opened !== null });

/**
 * Show `visit`, which this officer serves at `lane`. `nextNo()` is who waits next, or null; `onDone()` when the window is
 * finished with, `onCallNext()` and `onAddCode(visit)` likewise with what is wanted then.
 */
export function openWindow(root, options) {
  closeWindow();
  opened = new Window(root, options);
}

export function closeWindow() {
  opened?.close();
  opened = null;
}

class Window {
  leaving = new AbortController();
  locked = new Set(); // ids of pickups that a supervisor must open
  pane = null;
  form = null;
  phase = null;
  isBusy = false;

  constructor(root, { visit, lane, ...wanted }) {
    Object.assign(this, { root, visit, lane, wanted, dialog: root.querySelector("dialog") });
    this.side = sidePanel(root.querySelector("aside"), {
      timezone: settings.timezone,
      onMove: (name) => this.onMove(name),
    });
    this.claim = keepClaim({
      visitId: visit.id,
      lane,
      leaseSeconds: settings.lease_seconds,
      onRenewed: (card) => this.renew(card),
      onLost: (error) => this.stop(error),
    });
    this.act = acts({ onRefused: this.side.refuse, onBusy: (isSo) => this.paint((this.isBusy = isSo)) });
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
    this.claim.pause(!["visit", "form"].includes(phase));
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
    this.side.lost(isLost);
    this.pane.lost?.(isLost);
  }
  tick() {
    this.side.tick(this.visit);
    this.pane.tick?.();
  }

  showVisit() {
    this.form = null;
    const pane = ledgerPane(this.visit, {
      isSupervisor: settings.is_supervisor,
      locked: this.locked,
      onStart: (books) => this.showForm(books),
      onAddCode: () => this.finish(() => this.wanted.onAddCode(this.visit)),
    });
    this.show(pane, "visit");
  }
  showForm(books, draft) {
    this.form = handoverForm(this.visit, books, {
      settings,
      draft,
      onConfirm: (body) => this.check({ visit: this.visit, body, since: Date.now() }),
      onStop: (error, book) => this.phase === "form" && this.stop(error, book), // a late answer finds the form gone
      askReason: () => ask(this.dialog, "unsigned", {}, settings.reasons.unsigned),
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
    else this.move(name);
  }
  async end(name) {
    const asked = name.replace("-", "_");
    const reason = await ask(this.dialog, asked, { no: this.visit.queue_no }, settings.reasons[name]);
    if (reason !== null && (await this.move(name, { reason }))) this.finish(this.wanted.onDone);
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
  async move(name, body = { lane: this.lane }) {
    const moved = await this.act(`/api/v1/visits/${this.visit.id}/${name}`, body);
    if (moved) this.renew(moved);
    return moved;
  }
  /** A fresh card of the visit; the ledger is drawn anew when a book's state changed elsewhere. */
  renew(visit) {
    const isSame = JSON.stringify(visit.passports) === JSON.stringify(this.visit.passports);
    this.visit = visit;
    if (this.phase === "visit" && !isSame) this.showVisit();
    else this.side.tick(visit);
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
    this.dialog.close();
    this.side.clear();
    this.pane.element.replaceChildren();
  }
}
