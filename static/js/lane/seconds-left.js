// A countdown as it is shown.

/**
 * Whole seconds until a moment, 0 when it has passed. News takes a while to arrive, so the two clocks differ a little: a
 * countdown never begins above its whole length, and its last second is not shown.
 * @param {number} until ms
 * @param {number} now ms
 * @param {number} length of the whole countdown, in seconds
 */
export function secondsLeft(until, now, length) {
  return Math.max(0, Math.min(length, Math.floor((until - now) / 1000)));
}
