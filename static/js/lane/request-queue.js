// Acts over HTTP, one after the other, the same one once; a refusal is said where it was asked for.

import { NetworkLost, post, remove } from "../lib/http.js";
import { text } from "../lib/messages.js";

/**
 * `onBusy(bool)` around each act, `onRefused(sentence, error)`: "" when a new act begins. Returns `act(path, body)` -> the
 * answer, or null; with `body` null it deletes.
 */
export function acts({ onBusy, onRefused }) {
  const underWay = new Set(); // paths
  let last = Promise.resolve();

  async function once(path, body) {
    onBusy(true);
    onRefused("", {});
    try {
      const answer = await (body === null ? remove(path) : post(path, body));
      if (!answer.ok) onRefused(answer.body?.error?.message ?? text("unanswered"), answer.body?.error ?? {});
      return answer.ok ? answer.body : null;
    } catch (error) {
      if (!(error instanceof NetworkLost)) throw error;
      onRefused(text("unanswered"), {});
      return null;
    } finally {
      underWay.delete(path);
      onBusy(false);
    }
  }

  return function act(path, body) {
    if (underWay.has(path)) return Promise.resolve(null); // touched twice
    underWay.add(path);
    const turn = last.then(() => once(path, body)); // news may offer the next act before the answer of this one is here
    last = turn.catch(() => {});
    return turn;
  };
}
