"""The queue of an office at one moment: the vehicles ahead of each waiting vehicle, and the time that may take.

One statement reads all visits that matter. Everything else is counted from them, once for all phones that ask. A lane
asks about one vehicle only: `turn_facts`.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from ampera.offices.models import Lane
from ampera.sql.statements import Reader, TypedSelect
from ampera.visits import states
from ampera.visits.models import Visit
from ampera.visits.queue import places, wait_estimate
from ampera.visits.queue.wait_estimate import Line, Waiting, by_wait
from ampera.visits.rows import VisitRow

LATELY = timedelta(hours=1)  # service times of vehicles that ended within this time count
NAMED_AHEAD = 3  # of the vehicles before this one, the numbers that a verdict names
AT_WORK = timedelta(minutes=10)  # a window without a vehicle for longer is not counted


class ServingLane(NamedTuple):
    """A lane as the estimate sees it."""

    id: int
    kind: str
    site: str
    is_open: bool


class TimedVisit(NamedTuple):
    """A visit that is open, or that ended within the last hour after a call or service."""

    id: int
    site: str
    kind: str
    state: str
    lane_id: int | None
    window: int | None
    called_at: datetime | None
    served_at: datetime | None
    ended_at: datetime | None
    parked_at: datetime | None
    parked_s: int


class VehicleAhead(NamedTuple):
    """A vehicle that comes before another one, and how many there are."""

    queue_no: str
    ahead: int


_LANES = TypedSelect(
    ServingLane,
    select(Lane.id, Lane.kind, Lane.site, Lane.is_open).where(Lane.office_id == bindparam("office_id")),
)
_VISITS = TypedSelect(
    TimedVisit,
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
        Visit.parked_at,
        Visit.parked_s,
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
    .order_by(*places.IN_ORDER),
)


@dataclass(frozen=True)
class Turn:
    """The number of vehicles ahead, and the range of the wait in minutes when enough is known for an estimate."""

    ahead: int
    wait: tuple[int, int] | None


@dataclass
class OfficeQueue:
    """The vehicles that wait at an office at one moment. `turn_of` answers for one vehicle."""

    waiting: dict[int, Waiting]
    ahead: dict[int, int]
    lanes: Collection[ServingLane]
    visits: Collection[TimedVisit]
    at: datetime
    known: dict[tuple[str, str, int | None], tuple[list[float], int]] = field(default_factory=dict)

    def turn_of(self, visit_id: int) -> Turn | None:
        """The turn of a waiting vehicle; None when it does not wait."""
        vehicle = self.waiting.get(visit_id)
        if vehicle is None:
            return None
        ahead = self.ahead[visit_id]
        return Turn(ahead, wait_estimate.wait_range(ahead, *self.pace(vehicle.site, vehicle.kind, vehicle.lane_id)))

    def pace(self, site: str, kind: str, lane_id: int | None = None) -> tuple[list[float], int]:
        """Where this kind is served (in this lane): seconds that each recent vehicle occupied a window, and the windows
        at work.
        """
        key = site, kind, lane_id
        if key not in self.known:
            fitting = [lane for lane in self.lanes if lane.site == site and kind in states.kinds_at(lane.kind)]
            lanes = {lane.id: lane for lane in fitting if lane_id in (None, lane.id)}
            visits = [visit for visit in self.visits if visit.lane_id in lanes and visit.state != states.WAITING]
            windows = {(visit.lane_id, visit.window or 1) for visit in visits if self._is_recent(visit)}
            at_work = [lane_id for lane_id, _ in windows if lane_id is not None and lanes[lane_id].is_open]
            occupied = [seconds for visit in visits if (seconds := _occupied(visit)) is not None]
            self.known[key] = occupied, len(at_work)
        return self.known[key]

    def _is_recent(self, visit: TimedVisit) -> bool:
        if visit.parked_at:
            return False  # it waits at the side of its lane
        return visit.ended_at is None or visit.state in states.OPEN or visit.ended_at > self.at - AT_WORK


def office_queue(reader: Reader, office_id: int, day: date, at: datetime, *, has_lines: bool = False) -> OfficeQueue:
    """The queue of this service day at this moment. `has_lines`: only the vehicles of its own line are before one."""
    lanes = _LANES.all(reader, office_id=office_id)
    visits = _VISITS.all(reader, office_id=office_id, day=day, since=at - LATELY)
    waiting = [visit for visit in visits if visit.state == states.WAITING]
    queue = [Waiting(visit.id, visit.site, visit.kind, visit.lane_id if has_lines else None) for visit in waiting]
    ahead = wait_estimate.ahead_of_each(queue, _kinds_by_site(lanes))
    return OfficeQueue({vehicle.id: vehicle for vehicle in queue}, ahead, lanes, visits, at)


def lines_for(reader: Reader, visit: VisitRow) -> list[Line]:
    """The lines of the open lanes of its site that take this waiting vehicle, the shortest wait first."""
    kinds = {"lane_kinds": ("mixed", visit.kind)}
    return by_wait(_LINES.all(reader, **places.order_key(visit), **kinds))


def turn_facts(reader: Reader, visit: VisitRow, lane_kind: str, own_lane: int) -> dict[str, Any]:
    """What a lane of this kind calls before a waiting visit: `ahead`, their count, and `ahead_nos`, the first numbers.

    Nothing when the visit does not wait.
    """
    if visit.state != states.WAITING:
        return {}
    key = {**places.order_key(visit, own_lane), "kinds": states.kinds_at(lane_kind)}
    first = _FIRST_AHEAD.all(reader, **key)
    return {"ahead": first[0].ahead if first else 0, "ahead_nos": [row.queue_no for row in first]}


def _kinds_by_site(lanes: Collection[ServingLane]) -> dict[str, list[str]]:
    """The kinds of the open lanes of each site. Where all lanes are closed, all count: they will serve the queue."""
    kinds: dict[str, list[str]] = defaultdict(list)
    open_sites = {lane.site for lane in lanes if lane.is_open}
    for lane in lanes:
        if lane.is_open or lane.site not in open_sites:
            kinds[lane.site].append(lane.kind)
    return kinds


def _occupied(visit: TimedVisit) -> float | None:
    """Seconds from the call (or from service, if that came first or alone) to the end, without the time at the side.

    None for an open visit.
    """
    starts = [moment for moment in (visit.called_at, visit.served_at) if moment]
    if visit.state not in states.ENDED or visit.ended_at is None or not starts:
        return None
    return max(0.0, (visit.ended_at - min(starts)).total_seconds() - visit.parked_s)


_FIRST_AHEAD = TypedSelect(
    VehicleAhead,
    select(Visit.queue_no, func.count().over().label("ahead"))
    .where(places.WAITS_WITH, places.BEFORE, Visit.kind.in_(bindparam("kinds", expanding=True)))
    .order_by(*places.IN_ORDER_OF_LANE)
    .limit(NAMED_AHEAD),
)
_BEFORE_AT_LANE = and_(
    Visit.lane_id == Lane.id,
    Visit.day == bindparam("day"),
    Visit.id != bindparam("id"),
    Visit.parked_at.is_(None),
    Visit.state.in_(states.AT_LANE) | ((Visit.state == states.WAITING) & places.BEFORE),
)
_LINES = TypedSelect(
    Line,
    select(
        Lane.id.label("lane_id"),
        Lane.number.label("lane"),
        Lane.kind,
        Lane.windows,
        func.count(Visit.id).label("ahead"),
    )
    .outerjoin(Visit, _BEFORE_AT_LANE)
    .where(
        Lane.office_id == bindparam("office_id"),
        Lane.site == bindparam("site"),
        Lane.is_open,
        Lane.kind.in_(bindparam("lane_kinds", expanding=True)),
    )
    .group_by(Lane.id, Lane.number, Lane.kind, Lane.windows),
)
