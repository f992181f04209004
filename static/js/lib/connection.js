// Live state of one namespace. Each message is the whole state; older ones are ignored. Sockets are news only, so the
// same JSON is fetched on every connect and whenever there has been silence: without news the age grows and shows.

import { io } from "../../vendor/socket.io-client/socket.io.esm.min.js";
import { learn } from "./clock.js";
import { get } from "./http.js";

export const AGE_SHOWN_S = 5; // from here on the page shows the age of what it knows
export const STALE_S = 7; // from here on it must not be trusted
const ASK_AFTER_S = 4; // silence after which the state is fetched
const ACKNOWLEDGE_WITHIN_MS = 1000; // at a moment by chance, so that many screens do not all answer at once
const REFUSED_MS = 5000; // a refused socket asks again after this

/**
 * `namespace` like "/lane", `auth` for the socket, `path` of the JSON (without one: news only), `headers` for it.
 * `onState(state)` for newer states; `onAge(seconds, isStale)` every second; `onRefused()` when the right has ended.
 * `acknowledge`: tell the server which revision is shown. Returns {refresh(), close()}.
 */
export function connect({ namespace, auth = {}, path, headers, acknowledge, onState, onAge = () => {}, onRefused = () => {} }) {
  const socket = io(namespace, {
    auth,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 2000,
  });
  let newest = null;
  let heardAt = performance.now();
  let isAsking = false;
  let answering = null;

  function take(state) {
    if (newest && isOlder(state, newest)) return;
    newest = { revision: state.revision, at: state.at };
    heardAt = performance.now();
    learn(state.at);
    onState(state);
    if (acknowledge) answering ??= setTimeout(answer, Math.random() * ACKNOWLEDGE_WITHIN_MS);
    tick();
  }
  function answer() {
    answering = null;
    if (newest) socket.volatile.emit("seen", newest.revision);
  }
  async function refresh() {
    if (isAsking || !path) return;
    isAsking = true;
    try {
      const { ok, status, body } = await get(path, { headers, timeout: 4000 });
      if (ok) take(body);
      else if (status === 401 || status === 403) onRefused();
    } catch {
      // No answer: the age says so.
    } finally {
      isAsking = false;
    }
  }
  function tick() {
    const seconds = Math.floor((performance.now() - heardAt) / 1000);
    onAge(seconds, seconds >= STALE_S);
    if (seconds >= ASK_AFTER_S) refresh();
  }
  function again() {
    onRefused();
    setTimeout(() => socket.connect(), REFUSED_MS);
  }

  socket.on(namespace.slice(1), take);
  socket.on("connect", refresh);
  socket.on("disconnect", (reason) => {
    newest = null; // after a restore from a backup revisions may start lower
    if (reason === "io server disconnect") again();
  });
  socket.on("connect_error", () => socket.active || again());
  const ticking = setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  refresh();

  return {
    refresh,
    close() {
      clearInterval(ticking);
      clearTimeout(answering);
      socket.close();
    },
  };
}

function isOlder(state, than) {
  return state.revision < than.revision || (state.revision === than.revision && state.at < than.at);
}
