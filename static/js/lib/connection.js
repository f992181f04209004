// The live state of one namespace. Each message is the whole state; older ones are ignored. Sockets only bring news: the
// same JSON is fetched when a connection brings none and while the socket is silent; without news the age grows and shows.

import { io } from "../../vendor/socket.io-client/socket.io.esm.min.js";
import { learn } from "./clock.js";
import { get } from "./http.js";
import { Pauses, timeoutOf, turnFor } from "./patience.js";

export const AGE_SHOWN_S = 5; // from this age on the page shows how old its state is
export const STALE_S = 7; // from this age on the state must not be trusted
const BEAT_S = 2; // the server sends so often, unless a page has agreed to wait longer
const GRACE_S = 1; // beyond a beat, before the state is fetched
const MAX_FETCHES = 3; // at once: a request that the network has swallowed must not hold up the next one
const LAST_TURN = 1; // a longer patience with what is swallowed would delay the return
const TICK_MS = 500;
const ACKNOWLEDGE_WITHIN_MS = 1000; // at a random moment, so that many screens do not all answer at once
const RECONNECT_REFUSED_MS = 5000;

/**
 * @typedef {object} ConnectionOptions
 * @property {string} namespace like "/lane"
 * @property {object} [auth] sent with the socket's handshake
 * @property {string} [path] of the JSON; without it nothing is fetched
 * @property {Record<string, string>} [headers] for the JSON
 * @property {number} [beat] seconds between two states in which nothing has changed, for pages that may learn of a loss later
 * @property {boolean} [acknowledge] report to the server which revision is shown
 * @property {(state: any) => void} onState receives newer states
 * @property {(seconds: number, isStale: boolean, isOld: boolean) => void} [onAge] every second, from the first state on or
 *   when none comes
 * @property {() => void} [onRefused] the right to this state has ended
 */

/** Follow a namespace. @param {ConnectionOptions} options */
export const connect = (options) => new Connection(options);

class Connection {
  #options;
  #socket;
  /** @type {{revision: number, at: string, life: number} | null} */
  #newest = null;
  #life = 0; // grows when the socket is lost
  #socketLife = -1; // the newest life in which the socket brought a state
  #receivedAt = performance.now();
  #receivedOn = Date.now(); // a tablet that sleeps stops the clock above, not this one
  #fetchedAt = this.#receivedAt;
  #socketAt = this.#receivedAt; // when the socket brought the last state
  #lostAt = this.#receivedAt; // when the socket was lost
  #pauses;
  #fetches = 0;
  #turn = 0; // of the patience with a fetch
  #attempts = 0; // to open the socket, in vain
  /** @type {number | null} */
  #shownAge = null;
  /** @type {number | undefined} */
  #acknowledging;
  #ticking;
  #unwatch = new AbortController();

  /** @param {ConnectionOptions} options */
  constructor(options) {
    this.#options = options;
    this.#pauses = new Pauses(options.beat);
    this.#socket = io(options.namespace, {
      auth: { ...options.auth, ...(options.beat && { beat: options.beat }) },
      // Several server processes take no polling: they would get the polls of each other.
      transports: (document.documentElement.dataset.transports ?? "websocket polling").split(" "),
      tryAllTransports: true,
      timeout: timeoutOf(0),
      reconnectionDelay: 500,
      reconnectionDelayMax: 2000,
    });
    this.#listen();
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh(), {
      signal: this.#unwatch.signal,
    });
    this.refresh();
  }

  /** Fetch the state now. */
  async refresh() {
    const { path, headers, onRefused } = this.#options;
    if (this.#fetches >= MAX_FETCHES || !path) return;
    const life = this.#life;
    this.#fetches += 1;
    const sentAt = performance.now();
    this.#fetchedAt = sentAt;
    this.#pauses.begin();
    try {
      const { ok, status, body } = await get(path, { headers, timeout: timeoutOf(this.#turn) });
      this.#turn = Math.min(turnFor(performance.now() - sentAt), LAST_TURN);
      if (ok) this.#accept(body, life);
      else if (status === 401 || status === 403) onRefused?.();
      if (ok) this.#pauses.answered();
    } catch {
      this.#turn = LAST_TURN; // no answer: the age shows that
      this.#pauses.lost(secondsSince(sentAt));
    } finally {
      this.#fetches -= 1;
    }
  }

  close() {
    clearInterval(this.#ticking);
    clearTimeout(this.#acknowledging);
    this.#unwatch.abort();
    this.#socket.close();
  }

  #listen() {
    const socket = this.#socket;
    socket.on(this.#options.namespace.slice(1), (/** @type {any} */ state) => {
      this.#socketLife = this.#life;
      this.#socketAt = performance.now();
      this.#pauses.reset();
      this.#accept(state, this.#life);
    });
    // The server's first state comes with the connection. Where it is missing the state is fetched.
    socket.on("connect", () => {
      this.#allow(0);
      if (this.#socketLife !== this.#life) this.refresh();
    });
    socket.on("disconnect", (/** @type {string} */ reason) => {
      this.#life += 1; // after a restore from a backup revisions may start lower
      this.#lostAt = performance.now();
      if (reason === "io server disconnect") this.#reconnectLater();
    });
    socket.on("connect_error", () => {
      this.#allow(this.#attempts + 1);
      if (!socket.active) this.#reconnectLater();
    });
  }

  /** The next attempt to open the socket gets more time. @param {number} attempts in vain */
  #allow(attempts) {
    this.#attempts = attempts;
    this.#socket.io.timeout(timeoutOf(attempts));
  }

  /**
   * `life` is the life in which the state was requested: only a state requested after a loss may have a lower revision.
   * @param {any} state
   * @param {number} life
   */
  #accept(state, life) {
    const newest = this.#newest;
    if (newest && isOlder(state, newest) && life <= newest.life) return;
    this.#newest = { revision: state.revision, at: state.at, life };
    this.#receivedAt = performance.now();
    this.#receivedOn = Date.now();
    learn(state.at);
    this.#options.onState(state);
    if (this.#options.acknowledge) {
      this.#acknowledging ??= setTimeout(() => this.#acknowledge(), Math.random() * ACKNOWLEDGE_WITHIN_MS);
    }
    this.#shownAge = null;
    this.#tick();
  }

  #acknowledge() {
    this.#acknowledging = undefined;
    if (this.#newest) this.#socket.volatile.emit("seen", this.#newest.revision);
  }

  #tick() {
    const seconds = Math.floor(Math.max(secondsSince(this.#receivedAt), (Date.now() - this.#receivedOn) / 1000));
    const late = seconds - this.#forgiven();
    const isKnown = this.#newest || late >= STALE_S; // a page that has just been opened knows nothing yet
    if (isKnown && seconds !== this.#shownAge) this.#options.onAge?.(seconds, late >= STALE_S, late >= AGE_SHOWN_S);
    this.#shownAge = seconds;
    const mayBeSilent = (this.#options.beat ?? BEAT_S) + GRACE_S;
    const isSilent = !this.#socket.connected || secondsSince(this.#socketAt) >= mayBeSilent;
    if (isSilent && secondsSince(this.#fetchedAt) >= this.#pauses.seconds) this.refresh();
  }

  /** The seconds of silence that the slow beat of this page explains; from the loss of its socket on none are added. */
  #forgiven() {
    const slack = (this.#options.beat ?? BEAT_S) - BEAT_S;
    if (this.#socket.connected) return slack;
    return Math.min(slack, Math.max(0, (this.#lostAt - this.#receivedAt) / 1000));
  }

  #reconnectLater() {
    this.#options.onRefused?.();
    setTimeout(() => this.#socket.connect(), RECONNECT_REFUSED_MS);
  }
}

/** @param {number} moment of `performance.now()` */
const secondsSince = (moment) => (performance.now() - moment) / 1000;

/**
 * @param {{revision: number, at: string}} state
 * @param {{revision: number, at: string}} other
 */
function isOlder(state, other) {
  return state.revision < other.revision || (state.revision === other.revision && state.at < other.at);
}
