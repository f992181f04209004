// "Is it recorded?", asked with the same key and body until the server has answered. It is kept for this tab, so that a
// reload goes on asking; a guess is never shown, and nothing here ever makes a second record.

import { NetworkLost, post } from "../lib/http.js";

const KEPT = "ampera.handover";
const EVERY_MS = 1000;
const TIMEOUT_MS = 5000;
const NO_ANSWER = [401, 408, 429]; // the server did not look at it; 5xx: nobody knows

/** The unanswered question of this tab: {visit, body, since (ms)}, or null. */
export function keptQuestion() {
  return JSON.parse(sessionStorage.getItem(KEPT));
}

/** Keep and ask. Resolves to the server's {ok, body}; `signal` stops asking without forgetting, then null. */
export async function askUntilAnswered(question, signal) {
  sessionStorage.setItem(KEPT, JSON.stringify(question));
  while (!signal.aborted) {
    const answer = await once(question.body);
    if (signal.aborted) break;
    if (answer) {
      sessionStorage.removeItem(KEPT);
      return answer;
    }
    await new Promise((go) => setTimeout(go, EVERY_MS));
  }
  return null;
}

async function once(body) {
  try {
    const answer = await post("/api/v1/handovers", body, { timeout: TIMEOUT_MS });
    if (answer.body?.error?.code === "csrf") return location.reload(); // signed in anew: the page is old, the question kept
    return answer.status >= 500 || NO_ANSWER.includes(answer.status) ? null : answer;
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    return null;
  }
}
