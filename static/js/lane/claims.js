// Claims of other officers. While the lease of a claim runs the visit is theirs; afterwards it may be taken over, with a
// warning first.

import { age, now, secondsSince } from "../lib/clock.js";
import { ask } from "./ask-dialog.js";
import { pointLabel } from "./labels.js";
import { laneSettings } from "./tablet-point.js";

/**
 * @param {Claim | null | undefined} claim
 * @returns {claim is Claim}
 */
export const isForeign = (claim) => Boolean(claim && !claim.mine);

/** @param {Claim | null | undefined} claim */
export const hasEnded = (claim) => Boolean(claim && Date.parse(claim.until) <= now());

/** How long its officer has not been active: the lease was renewed by the last activity. @param {Claim} claim */
export const idleSeconds = ({ until }) => secondsSince(until) + laneSettings().lease_seconds;

/**
 * Resolves to whether the visit is to be taken over.
 * @param {Visit} visit
 */
export async function confirmTakeOver({ queue_no: no, claim, window }) {
  if (!claim) return true;
  const where = pointLabel({ lane: claim.lane, window });
  return (await ask("take_over", { no, officer: claim.officer, where, age: age(idleSeconds(claim)) })) !== null;
}
