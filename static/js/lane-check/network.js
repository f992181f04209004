// The network of the tablet and its clock, measured with a few small requests. Pure, apart from the request.

import { duration } from "../lib/clock.js";
import { answerOrNull, get } from "../lib/http.js";
import { LONGEST_MS } from "../lib/patience.js";

const TIMES = 3;
const SLOW_MS = 1500;
const SKEWED_MS = 120_000; // the pages follow the server's clock; certificates and sign-ins do not

/** @typedef {{roundTrip: number, skew: number}} Measure in ms */

/**
 * The quickest of some round trips; null when an answer is lost.
 * @param {number} lane
 * @returns {Promise<Measure | null>}
 */
export async function measure(lane) {
  /** @type {Measure | null} */
  let best = null;
  for (let turn = 0; turn < TIMES; turn++) {
    const [sentAt, sentOn] = [performance.now(), Date.now()];
    const answer = await answerOrNull(get(`/api/v1/lanes/${lane}/state`, { timeout: LONGEST_MS }));
    if (!answer?.ok) return null;
    const roundTrip = performance.now() - sentAt;
    const skew = sentOn + roundTrip / 2 - Date.parse(answer.body.at);
    if (!best || roundTrip < best.roundTrip) best = { roundTrip, skew };
  }
  return best;
}

/**
 * What a measure means: whether it works, and the key of the sentence with its values.
 * @param {Measure | null} measured
 * @returns {{isFine: boolean, key: string, values: Values}}
 */
export function judged(measured) {
  if (!measured) return { isFine: false, key: "network_lost", values: {} };
  const { roundTrip, skew } = measured;
  const time = duration(Math.max(1, Math.ceil(roundTrip / 1000)));
  if (Math.abs(skew) > SKEWED_MS)
    return { isFine: false, key: "network_clock", values: { age: duration(Math.abs(skew) / 1000) } };
  return {
    isFine: roundTrip <= SLOW_MS,
    key: roundTrip <= SLOW_MS ? "network_works" : "network_slow",
    values: { time },
  };
}
