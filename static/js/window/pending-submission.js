// "Is it recorded?", asked with the same key and body until the server has answered. The submission is kept for this tab and
// its officer, so that a reload goes on asking. A guess is never shown, and asking never makes a second record.

import { answerOrNull, get, post } from "../lib/http.js";
import { untilAnswered } from "../lib/patience.js";
import { forgetQuestion, keepQuestion } from "./kept-work.js";

const NO_ANSWER = [401, 408, 429]; // the server did not look at it; after 5xx nothing is known

/** @typedef {import("../lib/http.js").Answer} Answer */

/**
 * Keep and send. Resolves to the server's answer; `signal` stops sending without forgetting, then to null.
 * @param {PendingSubmission} submission
 * @param {AbortSignal} signal
 * @returns {Promise<Answer | null>}
 */
export async function sendUntilAnswered(submission, signal) {
  keepQuestion(submission);
  const answer = await untilAnswered((timeout) => sendOnce(submission.body, timeout), { signal });
  if (answer) forgetQuestion(submission.body.key);
  return answer;
}

/**
 * Whether a handover with this key is recorded; null without an answer. Nothing is sent in the name of its officer.
 * @param {string} key
 */
export async function isRecorded(key) {
  const answer = await answerOrNull(get(`/api/v1/handovers/${key}`));
  return answer && (answer.ok || answer.status === 404) ? answer.ok : null;
}

/**
 * @param {HandoverBody} body
 * @param {number} timeout in ms
 * @returns {Promise<Answer | null>}
 */
async function sendOnce(body, timeout) {
  const answer = await answerOrNull(post("/api/v1/handovers", body, { timeout }));
  const isPageOld = answer?.body?.error?.code === "csrf"; // signed in again elsewhere: the submission is kept
  if (isPageOld) location.reload();
  return !answer || isPageOld || answer.status >= 500 || NO_ANSWER.includes(answer.status) ? null : answer;
}
