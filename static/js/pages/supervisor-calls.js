// Entry module of every page that a supervisor has open: calls for a supervisor ring and stay until somebody has taken and
// decided them. Vehicles that were forgotten at the side are shown without a sound.

import { connect } from "../lib/connection.js";
import { byId, slots } from "../lib/dom.js";
import { answerOrNull, post } from "../lib/http.js";
import { text } from "../lib/messages.js";
import { LONGEST_MS } from "../lib/patience.js";
import { isMuted, play, playWith, watchAllowed } from "../lib/sounds.js";
import { vibrate } from "../lib/vibration.js";
import { CallList } from "../supervisor/call-list.js";
import { askDecision, closeDecision } from "../supervisor/decision-dialog.js";
import { ForgottenVehicles } from "../supervisor/forgotten-vehicles.js";

const RING_MS = 4000; // between two rings of a call that nobody has taken

class SupervisorCalls {
  #root = byId("supervisor-calls");
  #slot = slots(this.#root);
  #staff = Number(this.#root.dataset.staff);
  /** @type {OpenCall[]} */
  #calls = [];
  #isAllowed = true; // to sound
  #rungAt = Number.NEGATIVE_INFINITY;
  #forgotten = new ForgottenVehicles(this.#slot.forgotten);
  #list = new CallList(this.#slot.calls, {
    staff: this.#staff,
    onTake: (call) => this.#take(call),
    onDecide: (call) => decide(call),
  });

  start() {
    playWith(vibrate);
    watchAllowed((isAllowed) => {
      this.#isAllowed = isAllowed;
      this.#paint();
    });
    connect({
      namespace: "/supervisor",
      path: "/api/v1/supervisor-calls",
      onState: (state) => this.#show(state),
      onRefused: () => this.#show({ calls: [], parked: [] }),
    });
    setInterval(() => this.#tick(), 1000);
  }

  /** Their own calls wait for another supervisor. @param {{calls: OpenCall[], parked: ParkedVehicle[]}} state */
  #show({ calls, parked }) {
    const others = calls.filter(({ by_id: by }) => by !== this.#staff);
    for (const { visit_id: visit } of this.#calls)
      if (!others.some(({ visit_id: still }) => still === visit)) closeDecision(visit);
    this.#calls = others;
    this.#list.show(others);
    this.#forgotten.show(parked);
    this.#paint();
    this.#ring();
  }

  #paint() {
    const isCalled = this.#calls.length > 0;
    this.#root.hidden = !isCalled && this.#forgotten.isEmpty;
    this.#slot.mute.hidden = !isCalled || (this.#isAllowed && !isMuted());
  }

  #tick() {
    this.#list.tick();
    this.#forgotten.tick();
    this.#paint();
    this.#ring();
  }

  #ring() {
    const isDue = performance.now() - this.#rungAt >= RING_MS;
    if (!isDue || this.#calls.every(({ taken_by_id: by }) => by)) return;
    this.#rungAt = performance.now();
    play("ring");
  }

  /** @param {OpenCall} call */
  async #take(call) {
    this.#refuse("");
    const answer = await answerOrNull(
      post(`/api/v1/visits/${call.visit_id}/supervisor/take`, { call_id: call.id }, { timeout: LONGEST_MS }),
    );
    if (!answer?.ok) this.#refuse(answer?.body?.error?.message ?? text("call_unanswered"));
  }

  /** @param {string} sentence */
  #refuse(sentence) {
    this.#slot.refusal.hidden = !sentence;
    this.#slot.refusal.textContent = sentence;
  }
}

/** @param {OpenCall} call */
function decide(call) {
  askDecision({
    callId: call.id,
    visitId: call.visit_id,
    queueNo: call.queue_no,
    reason: call.reason,
    isLocked: call.books.some(({ locked }) => locked),
    isOverdue: call.books.some(({ overdue }) => overdue),
    isTablet: false,
  });
}

new SupervisorCalls().start();
