// One scan, one id. Without an answer the same scan is sent again, with more time each turn, until the server has answered or
// the officer gives up: the id makes that safe, and a guess is never shown.

import { answerOrNull, post } from "../lib/http.js";
import { untilAnswered } from "../lib/patience.js";

const MAX_INPUT = 512; // characters; the server reads no more either
const KEPT_MS = 120_000; // afterwards the same code is a new scan

/** @typedef {import("../lib/http.js").Answer} Answer */
/** @typedef {{scan_id: string, lane: number, input: string}} Scan */
/** @typedef {{lookup_id: string, lane: number, application_no: string, birth_date: string}} LookupRequest */

/**
 * `details`: the `visit_id` of the vehicle that the scan joins, or the kind, priority and plate of a new one.
 * @param {number} lane
 * @param {string} input
 * @param {object} [details]
 * @returns {Scan}
 */
export function newScan(lane, input, details = {}) {
  return { scan_id: newId(), lane, input: input.slice(0, MAX_INPUT), ...details };
}

/**
 * A lookup without a code, which is sent and repeated like a scan.
 * @param {number} lane
 * @param {import("./lookup-form.js").Lookup} lookup
 * @param {object} [details] as of a scan
 * @returns {LookupRequest}
 */
export function newLookup(lane, lookup, details = {}) {
  return { lookup_id: newId(), lane, ...lookup, ...details };
}

/** The scan that was given up. The server may have answered it: the same code for the same vehicle asks for that answer. */
export class GivenUp {
  #now;
  /** @type {Scan | LookupRequest | null} */
  #scan = null;
  #at = 0;

  /** @param {() => number} [now] a clock in ms */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** @param {Scan | LookupRequest} scan */
  keep(scan) {
    this.#scan = scan;
    this.#at = this.#now();
  }

  /** The kept scan if `scan` repeats it, else `scan`. Either way nothing is kept any longer. @param {Scan | LookupRequest} scan */
  repeated(scan) {
    const kept = this.#now() - this.#at <= KEPT_MS ? this.#scan : null;
    this.#scan = null;
    return kept && contentOf(kept) === contentOf(scan) ? kept : scan;
  }
}

/** @param {Scan | LookupRequest} scan */
const contentOf = (scan) => JSON.stringify({ ...scan, scan_id: "", lookup_id: "" });

/**
 * The server's answer to the scan, however often it must be sent; null when `signal` ended it.
 * @param {Scan | LookupRequest} scan
 * @param {{onUnanswered: () => void, signal?: AbortSignal}} options `onUnanswered` before every repetition
 * @returns {Promise<Answer | null>}
 */
export function send(scan, { onUnanswered, signal = new AbortController().signal }) {
  return untilAnswered((timeout) => sendOnce(scan, timeout), { onUnanswered, signal });
}

/**
 * @param {Scan | LookupRequest} scan
 * @param {number} timeout in ms
 * @returns {Promise<Answer | null>}
 */
async function sendOnce(scan, timeout) {
  const answer = await answerOrNull(post("lookup_id" in scan ? "/api/v1/lookups" : "/api/v1/scans", scan, { timeout }));
  return answer?.status === 503 ? null : answer;
}

const newId = () => crypto.randomUUID?.() ?? uuid();

/** `crypto.randomUUID` needs a secure context; typed codes work without one. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
