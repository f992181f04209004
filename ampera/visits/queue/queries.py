"""The queue of an office at one moment: how many go before each waiting vehicle, and how long that may take.

One statement reads all visits that matter; everything else is counted from it, once for all phones that ask.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from ampera.offices.models import Lane
from ampera.typed_rows import Reader
from ampera.visits import states
from ampera.visits.models import Visit
from ampera.visits.queries import IN_ORDER
from ampera.visits.queue import wait_estimate as waiting

LATELY = timedelta(hours=1)  # whose service times count
AT_WORK = timedelta(minutes=10)  # a window without a vehicle for longer is not counted on

_LANES = select(Lane.id, Lane.kind, Lane.site, Lane.is_open).where(Lane.office_id == bindparam("office_id"))
_VISITS = (
    select(
        Visit.id,
        Visit.site,
        Visit.kind,
        Visit.state,
        Visit.lane_id,
        Visit.window,
        Visit.called_at,
        Visit.served_at,
        Visit.ended_at,
    )
    .where(
        Visit.office_id == bindparam("office_id"),
        Visit.day == bindparam("day"),
        or_(
            Visit.state.in_(states.OPEN),
            and_(
                Visit.state.in_(states.ENDED),
                Visit.ended_at > bindparam("since"),
                or_(Visit.called_at.is_not(None), Visit.served_at.is_not(None)),
            ),
        ),
    )
    .order_by(*IN_ORDER)
)


@dataclass(frozen=True)
class Turn:
    """How many vehicles go before this one, and the range of its wait in minutes when it can be told."""

    ahead: int
    wait: tuple[int, int] | None


@dataclass
class OfficeQueue:
    """Whoever waits at an office, at one moment. `of` answers for one vehicle."""

    waiting: dict[int, waiting.Waiting]
    ahead: dict[int, int]
    lanes: Collection[Any]
    visits: Collection[Any]
    at: datetime
    known: dict[tuple[str, str], tuple[list[float], int]] = field(default_factory=dict)

    def of(self, visit_id: int) -> Turn | None:
        """The turn of a waiting vehicle; None when it does not wait."""
        one = self.waiting.get(visit_id)
        if one is None:
            return None
        ahead = self.ahead[visit_id]
        return Turn(ahead, waiting.wait_range(ahead, *self.pace(one.site, one.kind)))

    def pace(self, site: str, kind: str) -> tuple[list[float], int]:
        """Seconds that vehicles had a window lately, and the windows at work, where this kind is taken."""
        if (site, kind) not in self.known:
            lanes = {one.id for one in self.lanes if one.site == site and kind in states.kinds_at(one.kind)}
            here = [one for one in self.visits if one.lane_id in lanes and one.state != states.WAITING]
            open_lanes = {one.id for one in self.lanes if one.is_open}
            windows = {(one.lane_id, one.window or 1) for one in here if self._is_at_work(one)}
            seconds = [_occupied(one) for one in here if one.state in states.ENDED]
            self.known[site, kind] = seconds, len([one for one in windows if one[0] in open_lanes])
        return self.known[site, kind]

    def _is_at_work(self, visit: Any) -> bool:
        return visit.state in states.OPEN or visit.ended_at > self.at - AT_WORK


def office_queue(reader: Reader, office_id: int, day: date, at: datetime) -> OfficeQueue:
    """The queue of this service day at this moment."""
    lanes = reader.execute(_LANES, {"office_id": office_id}).all()
    where = {"office_id": office_id, "day": day, "since": at - LATELY}
    visits = reader.execute(_VISITS, where).all()
    queue = [waiting.Waiting(one.id, one.site, one.kind) for one in visits if one.state == states.WAITING]
    ahead = waiting.ahead_of_each(queue, _kinds_by_site(lanes))
    return OfficeQueue({one.id: one for one in queue}, ahead, lanes, visits, at)


def _kinds_by_site(lanes: Collection[Any]) -> dict[str, list[str]]:
    """Of the open lanes; a site where all are closed counts all, because they open again for the same queue."""
    kinds: dict[str, list[str]] = defaultdict(list)
    open_sites = {lane.site for lane in lanes if lane.is_open}
    for lane in lanes:
        if lane.is_open or lane.site not in open_sites:
            kinds[lane.site].append(lane.kind)
    return kinds


def _occupied(visit: Any) -> float:
    """From the call (or from being served, when that came first or alone) until the vehicle was gone."""
    begun = min(moment for moment in (visit.called_at, visit.served_at) if moment)
    return max(0.0, (visit.ended_at - begun).total_seconds())
