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

let opened = null;
wedge({ onCode: (code) => opened.take(code), isActive: () => opened !== null });

/**
 * Show `visit`, which this officer serves at `lane`. `nextNo()` is who waits next, or null; `onDone()` when the window is
 * finished with, `onCallNext()` and `onAddCode(visit)` likewise with what is wanted then.
 */
export function openWindow(root, options) {
  closeWindow();
  opened = atWindow(root, options);
}

export function closeWindow() {
  opened?.close();
  opened = null;
}

function atWindow(root, { visit: served, lane, nextNo = () => null, onDone, onCallNext, onAddCode }) {
  const dialog = root.querySelector("dialog");
  const leaving = new AbortController();
  const locked = new Set();
  const { is_supervisor: isSupervisor } = settings;
  let visit = served;
  let pane = null;
  let form = null;
  let phase = null;
  let isBusy = false;

  const side = sidePanel(root.querySelector("aside"), { timezone: settings.timezone, onMove });
  const claim = keepClaim({ visitId: visit.id, lane, leaseSeconds: settings.lease_seconds, onRenewed, onLost: stop });
  const act = acts({
    onRefused: side.refuse,
    onBusy(isSo) {
      isBusy = isSo;
      paint();
    },
  });
  const ticking = setInterval(tick, 1000);
  document.addEventListener("link", paint, { signal: leaving.signal });

  function show(next, name, at) {
    root.querySelector("[data-pane]").replaceWith(next.element);
    next.element.dataset.pane = phase = name;
    pane = next;
    claim.pause(!["visit", "form"].includes(name));
    side.show(visit, name, at);
    paint();
    tick();
    next.element.scrollTop = 0;
    next.element.focus();
  }
  function paint() {
    const isLost = !document.getElementById("offline").hidden;
    for (const button of root.querySelectorAll("[data-writes]")) button.disabled = isLost || isBusy;
    side.lost(isLost);
    pane.lost?.(isLost);
  }
  function tick() {
    side.tick(visit);
    pane.tick?.();
  }

  function showVisit() {
    form = null;
    show(ledgerPane(visit, { isSupervisor, locked, onStart: showForm, onAddCode: addCode }), "visit");
  }
  function showForm(books, draft) {
    const onStop = (error, book) => phase === "form" && stop(error, book); // a late answer finds the form gone
    const askReason = () => ask(dialog, "unsigned", {}, settings.reasons.unsigned);
    form = handoverForm(visit, books, { settings, draft, onConfirm: confirm, onStop, askReason });
    show(form, "form");
  }
  function confirm(body) {
    check({ visit, body, since: Date.now() });
  }
  async function check(question) {
    show(checkingPanel(question.since), "checking");
    const answer = await askUntilAnswered(question, leaving.signal);
    if (!answer) return;
    if (answer.ok) showRecorded(answer.body);
    else showRefusal(answer.body.error, question.body);
  }
  function showRecorded(record) {
    ({ visit } = record);
    form = null;
    play("recorded");
    show(recordedPanel(record, { nextNo: nextNo(), onAct }), "recorded", record.handovers[0].at);
  }
  /** Field errors go back into the form (after a reload into a new one with the same key), the rest stops. */
  function showRefusal(error, body) {
    const isInForm = Object.keys(error.fields ?? {}).some((place) =>
      /^(passports\.\d+\.(identity|book)|shown|collector|signature)/.test(place),
    );
    if (!isInForm) return stop(error, bookOf(body.passports[0].passport_id));
    play("stop");
    if (form) show(form, "form");
    else
      showForm(
        body.passports.map(({ passport_id: id }) => bookOf(id)),
        body,
      );
    form.refuse(error);
  }
  function stop(error, book) {
    if (error.code === "locked" && book) locked.add(book.pickup_id);
    play("stop");
    const told = { message: text("locked_title"), ...error }; // only the last miss comes without a sentence
    show(stopPanel(told, { isSupervisor, who: book?.holder_name, onAct: (act) => onAct(act, book) }), "stopped");
  }

  const bookOf = (id) => visit.passports.find(({ passport_id: one }) => one === id);

  function onRenewed(card) {
    visit = card;
    side.tick(visit);
  }
  async function onAct(act, book) {
    if (act === "continue") showVisit();
    else if (act === "retry") show(form, "form");
    else if (act === "visit") renewAndShow();
    else if (act === "divert") end("divert");
    else if (act === "unlock") unlock(book);
    else if (await leaveWhatIsLeft()) finish(act === "next" ? onCallNext : onDone);
  }
  function onMove(name) {
    if (name === "back") showVisit();
    else if (ENDS.includes(name)) end(name);
    else move(name);
  }
  async function end(name) {
    const reason = await ask(dialog, name.replace("-", "_"), { no: visit.queue_no }, settings.reasons[name]);
    if (reason !== null && (await move(name, { reason }))) finish(onDone);
  }
  /** Books that stay behind: the visit ends, they are ready for another day. */
  async function leaveWhatIsLeft() {
    return phase !== "recorded" || visit.state !== "serving" || move("leave");
  }
  async function renewAndShow() {
    if (await move("serve", { lane })) showVisit();
  }
  async function unlock(book) {
    if (!(await act(`/api/v1/pickups/${book.pickup_id}/unlock`))) return;
    locked.delete(book.pickup_id);
    if (form) show(form, "form");
    else renewAndShow();
  }
  async function move(name, body = { lane }) {
    const moved = await act(`/api/v1/visits/${visit.id}/${name}`, body);
    if (moved) onRenewed(moved);
    return moved;
  }

  function addCode() {
    finish(() => onAddCode(visit));
  }
  function finish(then) {
    closeWindow();
    then();
  }

  const kept = keptQuestion();
  if (kept?.visit.id === visit.id) check(kept);
  else showVisit();

  return {
    take: (code) => phase === "form" && form.take(code),
    close() {
      leaving.abort();
      claim.close();
      clearInterval(ticking);
      dialog.close();
      side.clear();
      pane.element.replaceChildren();
    },
  };
}
