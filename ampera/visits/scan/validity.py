"""What the verdict of an earlier scan is worth now. Pure decisions.

A verdict stays on a tablet for as long as nobody touches it, and the truth may change elsewhere meanwhile. Nothing
becomes `go` without a new scan: a verdict only keeps its tone, or loses it.
"""

from dataclasses import dataclass

from ampera.visits import states
from ampera.visits.scan.verdicts import LETS_IN, VERDICTS

# validity -> (tone, next act of the officer), beside the verdicts of a scan
LATER_VERDICTS = {
    "visit_over": ("stop", "rescan"),
    "visit_left": ("stop", "rescan"),
    "called_elsewhere": ("wait", "rescan"),
    "changed": ("wait", "rescan"),
}
OUTCOMES = VERDICTS | LATER_VERDICTS


@dataclass(frozen=True)
class ScannedVisit:
    """The visit of the scan as it is now. `was_at` is its state and lane at the moment of the scan."""

    state: str
    lane: int | None
    was_at: tuple[str, int | None]
    holds_pickup: bool = True
    is_of_today: bool = True


def present_verdict(verdict: str, judged: str, here: int, visit: ScannedVisit | None = None) -> str:
    """The verdict that is true now at lane `here`. `verdict` is of the scan, `judged` is what a new scan would find."""
    if visit is not None and visit.state not in states.OPEN:
        return "visit_over"
    if visit is not None and not (visit.holds_pickup and visit.is_of_today):
        return "visit_left"
    if judged not in LETS_IN:
        return judged
    if verdict not in LETS_IN:
        return "changed"
    if visit is not None and _was_called_away(visit, here):
        return "called_elsewhere"
    return verdict


def _was_called_away(visit: ScannedVisit, here: int) -> bool:
    """Whether the vehicle was called to another lane after the scan. One called there before came by itself."""
    now = visit.state, visit.lane
    return visit.state == states.CALLED and visit.lane != here and now != visit.was_at
