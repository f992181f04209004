// What is done with a vehicle from the queue's side: what has to be asked first is asked, then one act over HTTP.

import { ask } from "./ask-dialog.js";
import { isForeign, mayTakeOver } from "./claims.js";
import { editVehicle } from "./edit-dialog.js";
import { tooSoon } from "./recall.js";
import { acts } from "./request-queue.js";
import { here, place, settings } from "./tablet-point.js";
import { targetOf, targets } from "./targets.js";

const ELSEWHERE = ["divert", "no-show", "leave", "return"]; // moves that no lane belongs to

/**
 * `onMoved(name, card)` after each move, `onRefused(sentence)`, `onBusy(bool)`, `refresh()` of the state after all of it.
 * Returns {callNext(), move(visit, name), edit(visit), undo(visit), lost(bool)}.
 */
export function mover({ onBusy, onRefused, onMoved, refresh }) {
  let isLost = false;
  let about = null; // the vehicle of the act under way

  const once = acts({
    onBusy,
    onRefused(sentence, error) {
      if (error.code === "call_too_soon" && about) tooSoon(about.id, error.wait_s);
      onRefused(sentence);
    },
  });

  async function act(path, body) {
    if (isLost) return null;
    const answer = await once(path, body);
    refresh();
    return answer;
  }
  async function make(visit, name, body) {
    about = visit;
    const card = await act(`/api/v1/visits/${visit.id}/${name}`, body);
    if (card) onMoved(name, card);
    return card;
  }

  return {
    async callNext() {
      const card = await act(`/api/v1/lanes/${place.lane}/next`, place.window ? { window: place.window } : {});
      if (card) onMoved("call", card);
    },
    /** `isAsked`: a verdict has said already why. */
    async move(visit, name, { isAsked = false } = {}) {
      const told = isAsked ? {} : await question(visit, name);
      if (told) await make(visit, name, { ...(!ELSEWHERE.includes(name) && here), ...told });
    },
    async edit(visit) {
      const changes = await editVehicle(visit);
      if (changes?.vehicle) await make(visit, "vehicle", changes.vehicle);
      if (changes?.priority) await make(visit, "priority", changes.priority);
    },
    undo: (visit) => act(`/api/v1/visits/${visit.id}/undo`, {}),
    lost(isSo) {
      isLost = isSo;
    },
  };
}

/** What is asked before this move: {reason?, lane?, window?} to send with it, or null for not making it. */
async function question(visit, name) {
  const no = visit.queue_no;
  if (name === "call") return ask("call", { no }, { reason: settings.reasons.call });
  if (name === "divert" || name === "leave") return ask(name, { no }, { reason: settings.reasons[name] });
  if (name === "serve" && isForeign(visit.claim)) return (await mayTakeOver(visit)) ? {} : null;
  return name === "transfer" ? askTransfer(visit) : {};
}

export async function askTransfer(visit) {
  const lists = { target: targets(visit), reason: settings.reasons.transfer };
  const told = await ask("transfer", { no: visit.queue_no }, lists);
  return told && { ...targetOf(told.target), reason: told.reason };
}
