// JSON over HTTP. An answer is {ok, status, body}; no answer throws NetworkLost, and then nothing is known:
// ask again with the same key, never guess.

const TIMEOUT_MS = 8000;
const NOBODY_KNOWS = [502, 504]; // a proxy answered, not the server

export class NetworkLost extends Error {}

export const get = (path, options) => send("GET", path, undefined, options);
export const post = (path, body = {}, options) => send("POST", path, body, options);
export const remove = (path, options) => send("DELETE", path, undefined, options);

/** `options`: {headers, timeout (ms)}. A staff session that has ended goes to the sign-in page. */
async function send(method, path, body, { headers = {}, timeout = TIMEOUT_MS } = {}) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  let response, answer;
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
    throw new NetworkLost(error.name);
  }
  if (NOBODY_KNOWS.includes(response.status)) throw new NetworkLost(`status ${response.status}`);
  if (response.status === 401 && token) signIn();
  return { ok: response.ok, status: response.status, body: parsed(answer) };
}

function parsed(answer) {
  try {
    return JSON.parse(answer);
  } catch {
    return null;
  }
}

function signIn() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}
