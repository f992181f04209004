"""Who serves the visit that a scan finds.

A claim whose lease has ended may be taken over, but the books lie at its window, so it is never a reason for a green.
"""

from datetime import datetime
from typing import Any, NamedTuple

from ampera.offices.options.defaults import option
from ampera.visits import queries, states
from ampera.visits.rows import Options

CLAIM_FACTS = ("lane", "since_s", "idle_s", "parked")


class Claim(NamedTuple):
    """The claim of a visit, and the state of the visit."""

    state: str
    staff_id: int | None
    lane_id: int | None
    lane: int | None
    since: datetime | None
    until: datetime | None
    parked_at: datetime | None = None


def is_served_elsewhere(claim: Claim, staff_id: int | None, lane_id: int) -> bool:
    """Whether another officer, or another lane, has the visit open. A lease that has ended changes nothing in that."""
    if claim.state != states.SERVING or claim.staff_id is None:
        return False
    return claim.lane_id != lane_id or claim.staff_id != staff_id


def claim_facts(claim: Claim, at: datetime, options: Options) -> dict[str, Any]:
    """The lane, for how long it has the visit, and whether the vehicle waits at the side.

    After the end of the lease also for how long nobody was active there.
    """
    facts: dict[str, Any] = {"lane": claim.lane, "since_s": _seconds(claim.since, at)}
    if not queries.is_claim_live(claim.until, at):
        facts["idle_s"] = _seconds(claim.until, at) + option(options, "lease_seconds")
    if claim.parked_at is not None:
        facts["parked"] = True
    return facts


def _seconds(since: datetime | None, at: datetime) -> int:
    return int((at - since).total_seconds()) if since else 0
