// Live state of one namespace. Each message is the whole state; older ones are ignored. Sockets are news only: the same
// JSON is fetched when a connection brings none, and in silence; without news the age grows and shows.

import { io } from "../../vendor/socket.io-client/socket.io.esm.min.js";
import { learn } from "./clock.js";
import { get } from "./http.js";

export const AGE_SHOWN_S = 5; // from here on the page shows the age of what it knows
export const STALE_S = 7; // from here on it must not be trusted
const ASK_AFTER_S = 3; // silence of the socket after which the state is fetched; the server speaks every two seconds
const ASK_EVERY_S = 1; // as long as the socket is silent or lost
const MOST_ASKING = 2; // a question that fell into a hole of the network must not hold up the next one
const GIVE_UP_MS = 4000; // a question without an answer
const TICK_MS = 500;
const OPEN_WITHIN_MS = 6000; // a socket that is not open by then is tried anew
const ACKNOWLEDGE_WITHIN_MS = 1000; // at a moment by chance, so that many screens do not all answer at once
const REFUSED_MS = 5000; // a refused socket asks again after this

/**
 * `namespace` like "/lane", `auth` for the socket, `path` of the JSON (without one: news only), `headers` for it.
 * `onState(state)` for newer states; `onAge(seconds, isStale)` every second, from the first state on or when none comes;
 * `onRefused()` when the right has ended.
 * `acknowledge`: tell the server which revision is shown. Returns {refresh(), close()}.
 */
export function connect({
  namespace,
  auth = {},
  path,
  headers,
  acknowledge,
  onState,
  onAge = () => {},
  onRefused = () => {},
}) {
  const socket = io(namespace, {
    auth,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    timeout: OPEN_WITHIN_MS,
    reconnectionDelay: 500,
    reconnectionDelayMax: 2000,
  });
  let newest = null;
  let life = 0; // grows when the socket is lost
  let toldLife = -1; // the newest in which the socket brought a state
  let heardAt = performance.now();
  let askedAt = heardAt;
  let toldAt = heardAt; // by the socket
  let asking = 0;
  let toldAge = null;
  let answering = null;

  /** `since` is the life in which it was asked for: only what was asked for after a loss may lead back. */
  function take(state, since = life) {
    if (newest && isOlder(state, newest) && since <= newest.life) return;
    newest = { revision: state.revision, at: state.at, life: since };
    heardAt = performance.now();
    learn(state.at);
    onState(state);
    if (acknowledge) answering ??= setTimeout(answer, Math.random() * ACKNOWLEDGE_WITHIN_MS);
    toldAge = null;
    tick();
  }
  function answer() {
    answering = null;
    if (newest) socket.volatile.emit("seen", newest.revision);
  }
  async function refresh() {
    if (asking >= MOST_ASKING || !path) return;
    const since = life;
    asking += 1;
    askedAt = performance.now();
    try {
      const { ok, status, body } = await get(path, { headers, timeout: GIVE_UP_MS });
      if (ok) take(body, since);
      else if (status === 401 || status === 403) onRefused();
    } catch {
      // No answer: the age says so.
    } finally {
      asking -= 1;
    }
  }
  function tick() {
    const seconds = Math.floor(secondsSince(heardAt));
    const mayTell = newest || seconds >= STALE_S; // a page that has just been opened knows nothing yet
    if (mayTell && seconds !== toldAge) onAge(seconds, seconds >= STALE_S);
    toldAge = seconds;
    const isSilent = !socket.connected || secondsSince(toldAt) >= ASK_AFTER_S;
    if (isSilent && secondsSince(askedAt) >= ASK_EVERY_S) refresh();
  }
  /** The server's first word comes with the connection. Where it is missing the state is fetched. */
  function joined() {
    if (toldLife !== life) refresh();
  }
  function again() {
    onRefused();
    setTimeout(() => socket.connect(), REFUSED_MS);
  }

  socket.on(namespace.slice(1), (state) => {
    toldLife = life;
    toldAt = performance.now();
    take(state);
  });
  socket.on("connect", joined);
  socket.on("disconnect", (reason) => {
    life += 1; // after a restore from a backup revisions may start lower
    if (reason === "io server disconnect") again();
  });
  socket.on("connect_error", () => socket.active || again());
  const ticking = setInterval(tick, TICK_MS);
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

const secondsSince = (moment) => (performance.now() - moment) / 1000;

function isOlder(state, than) {
  return state.revision < than.revision || (state.revision === than.revision && state.at < than.at);
}
