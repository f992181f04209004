// The claim on a visit is a lease. It is renewed while somebody works at this tablet, and only then: a tablet that was
// left alone lets go, so that another lane may go on.

import { here } from "../lane/tablet-point.js";
import { get, NetworkLost, post } from "../lib/http.js";

const PARTS = 3; // of the lease: renewed when one is over
const LOST = [403, 404, 409];

/** `onRenewed(visit)`, `onLost(error)`. Returns {pause(bool), close()}; while paused nothing is renewed. */
export function keepClaim({ visitId, leaseSeconds, onRenewed, onLost }) {
  const stop = new AbortController();
  let isUsed = false;
  let isPaused = false;
  let isAsking = false;
  let renewedAt = performance.now();

  const use = () => (isUsed = true);
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, use, { capture: true, signal: stop.signal });
  const ticking = setInterval(tick, 1000);

  function tick() {
    const isDue = performance.now() - renewedAt >= (leaseSeconds * 1000) / PARTS;
    if (isDue && isUsed && !isPaused && !isAsking && !document.hidden) renew();
  }
  async function renew() {
    isAsking = true;
    try {
      const { ok, status, body } = await post(`/api/v1/visits/${visitId}/serve`, here);
      if (stop.signal.aborted || isPaused) return;
      if (LOST.includes(status)) onLost(body?.error ?? {});
      if (!ok) return;
      renewedAt = performance.now();
      isUsed = false;
      onRenewed(body);
    } catch (error) {
      if (!(error instanceof NetworkLost)) throw error; // the next tick tries again
    } finally {
      isAsking = false;
    }
  }

  return {
    pause(isSo) {
      isPaused = isSo;
    },
    close() {
      stop.abort();
      clearInterval(ticking);
    },
  };
}

/** Where the visit is served now: its card, null when it is not served any more, undefined when there was no answer. */
export async function servedCard(visitId) {
  try {
    const { ok, body } = await get("/api/v1/visits?state=serving");
    return ok ? (body.visits.find(({ id }) => id === visitId) ?? null) : undefined;
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    return undefined;
  }
}
