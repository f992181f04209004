"""The state of a screen, computed from visits, with a revision.

Screens are public: the state holds queue numbers, lanes, states and masked plates, nothing personal. The states of
tablets, the desk and phones are in lane_queries, desk_queries and pickup_queries.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.offices.calendar import hours
from ampera.offices.calendar.admission import message_line
from ampera.offices.models import Lane, Office
from ampera.offices.options.defaults import option
from ampera.offices.queries import LaneCard, lanes_of
from ampera.visits import admission_queries, states
from ampera.visits.models import Call, Visit
from ampera.visits.plates import masked
from ampera.visits.queries import by_parking, visits_in, waiting_visits
from ampera.visits.rows import QueueRow

NEXT_SHOWN = 8
STANDING_FOR = timedelta(minutes=2)  # after a call, a screen that was cut off still announces it
State = dict[str, Any]


def screen_state(session: Session, office_id: int, lane_id: int | None = None, site: str | None = None) -> State:
    """The state of a screen of the office, of one site, or of one lane."""
    office, at = session.get_one(Office, office_id), clock.now()
    lanes = _lanes(session, office_id, lane_id, site)
    day = clock.today(office.timezone)
    at_lanes = visits_in(session, office_id, day, states.AT_LANE)
    visits = [visit for visit in at_lanes if not visit.parked_at]
    shown = _shown(session, office, lanes, at)
    line = admission_queries.admission_state(admission_queries.admission_of(session, office, at))
    return {
        "office": office.code,
        "site": site,
        "revision": office.revision,
        "at": clock.iso(at),
        "open": line["open"],
        "line": line,
        "lanes": [_lane(lane, visits, at) for lane in lanes],
        "parked": _parked(at_lanes, lanes),
        "next": _next(session, office_id, lanes, lane_id is None and site is None),
        "announcement": shown[-1] if shown else None,
        "announcements": shown,
        "standing": _standing(session, office, lanes, at),
        "message": message_line(office.options, at),
        "quiet": _is_quiet(office, at),
    }


def seconds_until_change(
    session: Session, office_id: int, lane_id: int | None = None, site: str | None = None
) -> float | None:
    """Seconds until a screen changes without an event: a call begins or ends, a test ends. None if nothing does."""
    office, at = session.get_one(Office, office_id), clock.now()
    span, lanes = _call_time(office), _lanes(session, office_id, lane_id, site)
    ends = {lane.test_until for lane in lanes if lane.test_until}
    calls = _calls(session, office, lanes, at)
    edges = ends | {edge for call in calls for edge in (call.shows_at, call.shows_at + span)}
    return soonest([*edges, *edges_of(office.options)], at)


def edges_of(options: State) -> list[datetime]:
    """When a closure by hand and a temporary text end."""
    limited = option(options, "closed_by_hand"), option(options, "notice")
    return [datetime.fromisoformat(value["until"]) for value in limited if value and value.get("until")]


def soonest(edges: Iterable[datetime], at: datetime) -> float | None:
    """Seconds until the next of these moments; None when all are over."""
    return min(((edge - at).total_seconds() for edge in edges if edge > at), default=None)


def newest_at(visits: list[QueueRow], lane_id: int) -> QueueRow | None:
    """The vehicle that was called to this lane last, or served at it last."""
    here = [visit for visit in visits if visit.lane_id == lane_id]
    return max(here, key=lambda visit: (visit.since, visit.id), default=None)


def _next(session: Session, office_id: int, lanes: list[LaneCard], is_whole: bool) -> list[State]:
    """The first vehicles that wait for one of these lanes."""
    office = session.get_one(Office, office_id)
    kinds = {kind for lane in lanes for kind in states.kinds_at(lane.kind)}
    site = None if is_whole or not lanes else lanes[0].site
    day = clock.today(office.timezone)
    waiting = waiting_visits(session, office_id, day, site, kinds, NEXT_SHOWN)
    return [{"queue_no": visit.queue_no, "lane": visit.lane_number, "kind": visit.kind} for visit in waiting]


def _lanes(session: Session, office_id: int, lane_id: int | None, site: str | None) -> list[LaneCard]:
    lanes = lanes_of(session, office_id)
    return [lane for lane in lanes if lane_id in (None, lane.id) and site in (None, lane.site)]


def _lane(lane: LaneCard, visits: list[QueueRow], at: datetime) -> State:
    """A test of the opening check never covers a vehicle."""
    newest = newest_at(visits, lane.id)
    return {
        "number": lane.number,
        "name": lane.name,
        "kind": lane.kind,
        "site": lane.site,
        "windows": lane.windows,
        "open": lane.is_open,
        "test": newest is None and lane.test_until is not None and lane.test_until > at,
        "visit": newest and _visit(newest),
        "visits": [_visit(visit) for visit in visits if visit.lane_id == lane.id],
    }


def _parked(visits: list[QueueRow], lanes: list[LaneCard]) -> list[State]:
    """The vehicles that wait at the side of these lanes, the longest there first. Screens never name the reason."""
    ids = {lane.id for lane in lanes}
    aside = by_parking([visit for visit in visits if visit.parked_at and visit.lane_id in ids])
    return [{"queue_no": visit.queue_no, "lane": visit.lane_number, "kind": visit.kind} for visit in aside]


def _visit(visit: QueueRow) -> State:
    return {
        "queue_no": visit.queue_no,
        "state": visit.state,
        "plate_masked": masked(visit.plate),
        "since": clock.iso(visit.since),
        "window": visit.window,
    }


def _call_time(office: Office) -> timedelta:
    return timedelta(seconds=option(office.options, "call_seconds"))


def _calls(session: Session, office: Office, lanes: list[LaneCard], at: datetime) -> list[Any]:
    """Calls that are announced now or later, in the order of announcement."""
    return _of_lanes(session.execute(_CALLS, {"office_id": office.id, "since": at - _call_time(office)}), lanes)


def _of_lanes(rows: Iterable[Any], lanes: list[LaneCard]) -> list[Any]:
    ids = {lane.id for lane in lanes}
    return [row for row in rows if row.lane_id in ids]


def _shown(session: Session, office: Office, lanes: list[LaneCard], at: datetime) -> list[State]:
    """All calls within their minimum time, oldest first."""
    return [_call(call) for call in _calls(session, office, lanes, at) if call.shows_at <= at]


def _standing(session: Session, office: Office, lanes: list[LaneCard], at: datetime) -> list[State]:
    """Earlier calls whose vehicle has not come yet. A loudspeaker that was cut off announces them late."""
    edges = {"office_id": office.id, "since": at - STANDING_FOR, "until": at - _call_time(office)}
    return [_call(call) for call in _of_lanes(session.execute(_UNANSWERED, edges), lanes)]


def _call(call: Any) -> State:
    return {
        "id": call.id,
        "queue_no": call.queue_no,
        "lane": call.number,
        "window": call.window,
        "at": clock.iso(call.shows_at),
    }


def _is_quiet(office: Office, at: datetime) -> bool:
    span = option(office.options, "quiet_hours")
    return bool(span) and hours.is_within(clock.local(at, office.timezone), *span)


_CALLS = (
    select(Call.id, Call.queue_no, Call.lane_id, Call.window, Call.shows_at, Lane.number)
    .join(Lane, Lane.id == Call.lane_id)
    .where(Call.office_id == bindparam("office_id"), Call.shows_at > bindparam("since"), Call.cancelled_at.is_(None))
    .order_by(Call.shows_at, Call.id)
)
_UNANSWERED = _CALLS.join(Visit, Visit.id == Call.visit_id).where(
    Call.shows_at <= bindparam("until"), Visit.state == states.CALLED, Visit.lane_id == Call.lane_id
)
