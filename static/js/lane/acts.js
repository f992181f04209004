// Acts over HTTP, one at a time; a refusal is said where it was asked for.

import { NetworkLost, post, remove } from "../lib/http.js";
import { text } from "../lib/texts.js";

/**
 * `onBusy(bool)` around each act, `onRefused(sentence, error)`: "" when a new act begins. Returns `act(path, body)` -> the
 * answer, or null; with `body` null it deletes.
 */
export function acts({ onBusy, onRefused }) {
  let isActing = false;

  async function once(path, body) {
    try {
      const answer = await (body === null ? remove(path) : post(path, body));
      if (!answer.ok) onRefused(answer.body?.error?.message ?? text("unanswered"), answer.body?.error ?? {});
      return answer.ok ? answer.body : null;
    } catch (error) {
      if (!(error instanceof NetworkLost)) throw error;
      onRefused(text("unanswered"), {});
      return null;
    }
  }

  return async function act(path, body) {
    if (isActing) return null;
    isActing = true;
    onBusy(true);
    onRefused("", {});
    const answer = await once(path, body);
    isActing = false;
    onBusy(false);
    return answer;
  };
}
