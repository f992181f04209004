// What needs the reader now, pushed by the server: one connection of a page, for the badge and for the list.

import { connect } from "./connection.js";

const BEAT_S = 12; // without a change; a change comes at once

/** @typedef {{total: number, kinds: {kind: string, count: number}[]}} Attention */

/** @type {((state: Attention) => void)[]} */
const followers = [];
/** @type {Attention | null} */
let newest = null;

/** Hear the newest state and each later one. @param {(state: Attention) => void} follower */
export function followAttention(follower) {
  followers.push(follower);
  if (newest) follower(newest);
  if (followers.length > 1) return;
  connect({
    namespace: "/attention",
    path: "/api/v1/attention",
    beat: BEAT_S,
    onState: (state) => {
      newest = state;
      for (const each of followers) each(state);
    },
  });
}
