// The claim of another officer: while its lease lives the visit is theirs; afterwards it may be taken over, after a warning.

import { age, now, secondsSince } from "../lib/clock.js";
import { ask } from "./ask-dialog.js";
import { placeWords } from "./labels.js";
import { settings } from "./tablet-point.js";

export const isForeign = (claim) => Boolean(claim && !claim.mine);

export const hasEnded = (claim) => Boolean(claim) && Date.parse(claim.until) <= now();

/** Resolves to whether the visit is to be taken over. The lease began with the officer's last sign of life. */
export async function mayTakeOver({ queue_no: no, claim, window }) {
  const silent = secondsSince(claim.until) + settings.lease_seconds;
  const where = placeWords({ lane: claim.lane, window });
  return (await ask("take_over", { no, officer: claim.officer, where, age: age(silent) })) !== null;
}
