// "Is it recorded?", asked with the same key and body until the server has answered. The submission is kept for this tab,
// so that a reload goes on asking. A guess is never shown, and asking never makes a second record.

import { NetworkLost, post } from "../lib/http.js";

const KEY = "ampera.handover";
const EVERY_MS = 1000;
const TIMEOUT_MS = 5000;
const NO_ANSWER = [401, 408, 429]; // the server did not look at it; after 5xx nothing is known

/** @typedef {import("../lib/http.js").Answer} Answer */

/**
 * The unanswered submission of this tab, or null.
 * @returns {PendingSubmission | null}
 */
export function pendingSubmission() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
}

/**
 * Keep and send. Resolves to the server's answer; `signal` stops sending without forgetting, then to null.
 * @param {PendingSubmission} submission
 * @param {AbortSignal} signal
 * @returns {Promise<Answer | null>}
 */
export async function sendUntilAnswered(submission, signal) {
  sessionStorage.setItem(KEY, JSON.stringify(submission));
  while (!signal.aborted) {
    const answer = await sendOnce(submission.body);
    if (signal.aborted) break;
    if (answer) {
      sessionStorage.removeItem(KEY);
      return answer;
    }
    await new Promise((resume) => setTimeout(resume, EVERY_MS));
  }
  return null;
}

/**
 * @param {HandoverBody} body
 * @returns {Promise<Answer | null>}
 */
async function sendOnce(body) {
  try {
    const answer = await post("/api/v1/handovers", body, { timeout: TIMEOUT_MS });
    const isPageOld = answer.body?.error?.code === "csrf"; // signed in again elsewhere: the submission is kept
    if (isPageOld) location.reload();
    return isPageOld || answer.status >= 500 || NO_ANSWER.includes(answer.status) ? null : answer;
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    return null;
  }
}
