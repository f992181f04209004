// JSON over HTTP. An answer is {ok, status, body}; without an answer NetworkLost is thrown, and then nothing is known:
// ask again with the same key, never guess.

import { isLocked } from "./idle.js";
import { USUAL_MS } from "./patience.js";

const PROXY_ERRORS = [502, 504]; // a proxy answered, not the server

/** @typedef {{ok: boolean, status: number, body: any}} Answer */
/** @typedef {{headers?: Record<string, string>, timeout?: number}} Options `timeout` in ms */

export class NetworkLost extends Error {}

/** @param {string} path @param {Options} [options] */
export const get = (path, options) => send("GET", path, undefined, options);
/** @param {string} path @param {object} [body] @param {Options} [options] */
export const post = (path, body = {}, options) => send("POST", path, body, options);
/** @param {string} path @param {object} [body] @param {Options} [options] */
export const remove = (path, body, options) => send("DELETE", path, body, options);

/** The answer; null when the network has lost it. @param {Promise<Answer>} request */
export async function answerOrNull(request) {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    return null;
  }
}

/**
 * A staff session that has ended leads to the sign-in page.
 * @param {string} method
 * @param {string} path
 * @param {object | undefined} body
 * @param {Options} [options]
 * @returns {Promise<Answer>}
 */
async function send(method, path, body, { headers = {}, timeout = USUAL_MS } = {}) {
  const meta = document.querySelector('meta[name="csrf-token"]');
  const token = meta instanceof HTMLMetaElement ? meta.content : "";
  let response;
  let answer;
  try {
    response = await fetch(path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        Accept: "application/json",
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(token && { "X-CSRFToken": token }),
        ...headers,
      },
      cache: "no-store",
      signal: AbortSignal.timeout(timeout),
    });
    answer = await response.text();
  } catch (error) {
    throw new NetworkLost(error instanceof Error || error instanceof DOMException ? error.name : String(error));
  }
  if (PROXY_ERRORS.includes(response.status)) throw new NetworkLost(`status ${response.status}`);
  if (response.status === 401 && token) signIn();
  return { ok: response.ok, status: response.status, body: parsed(answer) };
}

/** @param {string} answer */
function parsed(answer) {
  try {
    return JSON.parse(answer);
  } catch {
    return null;
  }
}

/** A locked tablet goes to the page of its lock, whichever of its requests finds the session ended. */
function signIn() {
  if (!isLocked()) location.assign(`/login?next=${thisPage()}`);
}

/** The address of this page as a parameter, without a search: a name is not for an address. */
export function thisPage() {
  const query = new URLSearchParams(location.search);
  query.delete("q");
  const rest = query.toString();
  return encodeURIComponent(location.pathname + (rest && `?${rest}`));
}
