// Acts on the visit as a whole: one at a time, over HTTP, a refusal is said beside the visit.

import { NetworkLost, post } from "../lib/http.js";
import { text } from "../lib/texts.js";

/** `onBusy(bool)` around each act, `onRefused(sentence)`. Returns `act(path, body)` -> the answer, or null. */
export function acts({ onBusy, onRefused }) {
  let isActing = false;

  async function once(path, body) {
    try {
      const answer = await post(path, body);
      if (!answer.ok) onRefused(answer.body?.error?.message ?? text("unanswered"));
      return answer.ok ? answer.body : null;
    } catch (error) {
      if (!(error instanceof NetworkLost)) throw error;
      onRefused(text("unanswered"));
      return null;
    }
  }

  return async function act(path, body) {
    if (isActing) return null;
    isActing = true;
    onBusy(true);
    onRefused("");
    const answer = await once(path, body);
    isActing = false;
    onBusy(false);
    return answer;
  };
}
