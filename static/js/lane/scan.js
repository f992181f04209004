// One scan, one id. Without an answer the same scan is sent again until the server has answered: the id makes that safe,
// and a guess is never shown.

import { NetworkLost, post } from "../lib/http.js";

const TIMEOUT_MS = 4000;
const PAUSES_MS = [300, 600, 1200, 2000];
const MAX_INPUT = 512; // characters; the server reads no more either

/** @typedef {import("../lib/http.js").Answer} Answer */

/**
 * `details`: the `visit_id` of the vehicle that the scan joins, or the kind, priority and plate of a new one.
 * @param {number} lane
 * @param {string} input
 * @param {object} [details]
 */
export function newScan(lane, input, details = {}) {
  return { scan_id: crypto.randomUUID?.() ?? uuid(), lane, input: input.slice(0, MAX_INPUT), ...details };
}

/**
 * The server's answer to the scan, however often it must be sent.
 * @param {object} scan
 * @param {{onUnanswered: () => void}} options `onUnanswered` before every repetition
 * @returns {Promise<Answer>}
 */
export async function send(scan, { onUnanswered }) {
  for (let turn = 0; ; turn++) {
    try {
      const answer = await post("/api/v1/scans", scan, { timeout: TIMEOUT_MS });
      if (answer.status !== 503) return answer;
    } catch (error) {
      if (!(error instanceof NetworkLost)) throw error;
    }
    onUnanswered();
    await new Promise((resume) => setTimeout(resume, PAUSES_MS[Math.min(turn, PAUSES_MS.length - 1)]));
  }
}

/** `crypto.randomUUID` needs a secure context; typed codes work without one. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
