// One's own last move can be undone for a short while: a bar that counts down. The server decides; what it says last counts.

import { now } from "../lib/clock.js";
import { text } from "../lib/messages.js";

/** `onUndo(visit)`. Returns {offer(word, card), learn(state), forget(), tick(), lost(bool)}; `word` is the move's name. */
export function undoBar({ onUndo }) {
  const bars = [...document.querySelectorAll("[data-undo]")];
  let last = null; // {id, no, until (ms), word}
  let isLost = false;

  const undo = () => last && onUndo(last);

  for (const bar of bars) bar.querySelector("button").addEventListener("click", undo);

  function show(next) {
    last = next;
    for (const bar of bars) {
      bar.hidden = !last;
      if (last)
        bar.querySelector("[data-said]").textContent = text(`did_${last.word.replace("-", "_")}`, { no: last.no });
    }
    tick();
  }
  function tick() {
    const left = last ? Math.ceil((last.until - now()) / 1000) : 0;
    if (last && left <= 0) return show(null);
    for (const bar of bars) {
      bar.querySelector("[data-left]").textContent = left ? `(${left})` : "";
      bar.querySelector("button").disabled = isLost;
    }
  }
  function untilOf({ may_undo_until: until }) {
    return until ? Date.parse(until) : 0;
  }

  return {
    offer(word, card) {
      if (untilOf(card) > now()) show({ id: card.id, no: card.queue_no, until: untilOf(card), word });
      else if (last?.id === card.id) show(null);
    },
    /** What the state knows of moves that may be undone: after a reload, and when somebody moved on. */
    learn({ here, waiting, recent }) {
      const all = [...here, ...waiting, ...recent];
      const newest = all.filter((one) => untilOf(one) > now()).sort((one, two) => untilOf(two) - untilOf(one))[0];
      if (newest && untilOf(newest) > (last?.until ?? 0))
        show({ id: newest.id, no: newest.queue_no, until: untilOf(newest), word: newest.state });
      const same = last && all.find(({ id }) => id === last.id);
      if (same && "may_undo_until" in same && !same.may_undo_until) show(null);
    },
    forget: () => show(null),
    tick,
    lost(isSo) {
      isLost = isSo;
      tick();
    },
  };
}
