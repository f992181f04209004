// The question beside one row: does what was typed match? Each value is asked about once, for an identity miss counts and
// locks; what was expected is never told.

import { NetworkLost, post } from "../lib/http.js";

const STOPS = ["locked", "claimed_elsewhere", "not_serving", "already_collected", "not_ready", "overdue", "not_found"];

/**
 * `typedValue(part)` gives what is typed now ("identity" or "book"), null while incomplete. `onAnswer(part, told, isNew)`: told
 * is match, mismatch, asking, lost (no answer), short (not acceptable) or null. `onStop(error)`: the form cannot go on.
 */
export function checks(visitId, passportId, { typedValue, onAnswer, onStop }) {
  const known = new Map(); // what was asked -> its answer
  let triesLeft = null;

  const mark = (part) => JSON.stringify([part, typedValue(part)]);

  async function ask(part) {
    const asked = mark(part);
    if (known.has(asked)) return onAnswer(part, known.get(asked), false);
    known.set(asked, "asking");
    onAnswer(part, "asking", false);
    const told = await question(part, typedValue(part));
    if (["match", "mismatch"].includes(told)) known.set(asked, told);
    else known.delete(asked); // nothing is known: it may be asked again
    if (mark(part) !== asked) return; // typed on meanwhile
    onAnswer(part, told, true);
    if (told === "mismatch" && part === "identity" && triesLeft === 0) onStop({ code: "locked" });
  }

  async function question(part, value) {
    try {
      const { ok, status, body } = await post(`/api/v1/visits/${visitId}/checks`, {
        passport_id: passportId,
        [part]: value,
      });
      if (ok && part === "identity") triesLeft = body.tries_left;
      if (ok) return body[part] === "match" ? "match" : "mismatch";
      if (STOPS.includes(body?.error?.code)) onStop(body.error);
      return status === 422 ? "short" : "lost";
    } catch (error) {
      if (!(error instanceof NetworkLost)) throw error;
      return "lost";
    }
  }

  return {
    ask,
    /** The answer to what is typed now, if it was asked before. */
    known: (part) => known.get(mark(part)) ?? null,
    triesLeft: () => triesLeft,
    /** The handover itself found a mismatch. */
    refuse(part, left) {
      triesLeft = left ?? triesLeft;
      known.set(mark(part), "mismatch");
      onAnswer(part, "mismatch", true);
    },
  };
}
