"""What screens, tablets and the shelf show: small plain states, computed from visits. A phone's is in pickup_queries.

`screen_state` is read by anybody: a queue number, a lane, a state, nothing personal.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.board.screens import Screens
from ampera.offices.models import Lane, Office
from ampera.offices.options import option
from ampera.offices.queries import LaneCard, is_open, lanes_of
from ampera.passports.models import Passport
from ampera.visits import states
from ampera.visits.models import Call, Visit, VisitPickup
from ampera.visits.plates import masked
from ampera.visits.queries import open_visits, visit_card

NEXT_SHOWN = 8
RECENT_SHOWN = 5
State = dict[str, Any]

_CALLS = (
    select(Call.id, Call.queue_no, Call.lane_id, Call.shows_at, Lane.number)
    .join(Lane, Lane.id == Call.lane_id)
    .where(Call.office_id == bindparam("office_id"), Call.shows_at > bindparam("since"))
    .order_by(Call.shows_at, Call.id)
)
_BOOK_COUNTS = (
    select(VisitPickup.visit_id, func.count(Passport.id).label("books"))
    .join(Passport, Passport.pickup_id == VisitPickup.pickup_id)
    .where(VisitPickup.visit_id.in_(bindparam("visits", expanding=True)), Passport.state == "ready")
    .group_by(VisitPickup.visit_id)
)
_RECENT = (
    select(Visit.id, Visit.queue_no, Visit.state, Visit.ended_at, Visit.books_out)
    .where(
        Visit.office_id == bindparam("office_id"),
        Visit.day == bindparam("day"),
        Visit.state.in_(states.ENDED),
        Visit.lane_id == bindparam("lane_id"),
    )
    .order_by(Visit.ended_at.desc())
    .limit(RECENT_SHOWN)
)


def screen_state(session: Session, office_id: int, lane_id: int | None = None, site: str | None = None) -> State:
    """What a screen of the office, of one site of it, or of one lane shows now."""
    office, at = session.get_one(Office, office_id), clock.now()
    lanes = _lanes(session, office_id, lane_id, site)
    day, kinds = clock.today(office.timezone), {kind for lane in lanes for kind in states.kinds_at(lane.kind)}
    visits = open_visits(session, office_id, day, (states.CALLED, states.SERVING))
    waiting = open_visits(session, office_id, day, (states.WAITING,), kinds, NEXT_SHOWN)
    return {
        "office": office.code,
        "revision": office.revision,
        "at": clock.iso(at),
        "open": _is_open(session, office, at),
        "lanes": [_lane(lane, _at_lane(visits, lane.id)) for lane in lanes],
        "next": [{"queue_no": visit.queue_no, "lane": visit.lane_number, "kind": visit.kind} for visit in waiting],
        "site": site,
        "announcement": _announcement(_calls(session, office, lanes, at), at),
        "message": option(office.options, "message"),
    }


def seconds_until_change(
    session: Session, office_id: int, lane_id: int | None = None, site: str | None = None
) -> float | None:
    """When the announcement changes by itself: a call's turn comes, or its time is over. None: not by itself."""
    office, at = session.get_one(Office, office_id), clock.now()
    span, lanes = _call_time(office), _lanes(session, office_id, lane_id, site)
    edges = {edge for call in _calls(session, office, lanes, at) for edge in (call.shows_at, call.shows_at + span)}
    return min(((edge - at).total_seconds() for edge in edges if edge > at), default=None)


def lane_state(
    session: Session, office_id: int, lane_id: int, screens: Screens, viewer_staff_id: int | None = None
) -> State:
    """What the tablet of one lane shows: its vehicle, the queue, and whether the lane's screen keeps up."""
    office, lane = session.get_one(Office, office_id), session.get_one(Lane, lane_id)
    visits = _today(session, office)
    current = _at_lane(visits, lane_id)
    waiting = _waiting(visits)
    books = _counted(session, waiting)
    return {
        "office": office.code,
        "lane": lane.number,
        "revision": office.revision,
        "at": clock.iso(clock.now()),
        "open": lane.is_open and _is_open(session, office, clock.now()),
        "screen": screens.of_lane(session, lane, office.revision),
        "current": current and visit_card(session, current.id, viewer_staff_id),
        "waiting": [
            {
                "id": visit.id,
                "queue_no": visit.queue_no,
                "kind": visit.kind,
                "books": books.get(visit.id, 0),
                "plate_masked": masked(visit.plate),
                "since": clock.iso(visit.since),
                "lane": visit.lane_number,
            }
            for visit in waiting
        ],
        "recent": _recent(session, office, lane_id),
    }


def _is_open(session: Session, office: Office, at: datetime) -> bool:
    return is_open(session.connection(), office.id, office.timezone, at)


def _today(session: Session, office: Office) -> list[Any]:
    """Open visits of the present service day in the order of the queue; yesterday's are nobody's business."""
    return open_visits(session, office.id, clock.today(office.timezone))


def _waiting(visits: list[Any]) -> list[Any]:
    return [visit for visit in visits if visit.state == states.WAITING]


def _at_lane(visits: list[Any], lane_id: int) -> Any | None:
    """The vehicle called to or served at this lane; the newest one should there be two."""
    here = [visit for visit in visits if visit.state != states.WAITING and visit.lane_id == lane_id]
    return max(here, key=lambda visit: (visit.since, visit.id), default=None)


def _lane(lane: LaneCard, visit: Any | None) -> State:
    return {
        "number": lane.number,
        "name": lane.name,
        "kind": lane.kind,
        "open": lane.is_open,
        "visit": visit
        and {
            "queue_no": visit.queue_no,
            "state": visit.state,
            "plate_masked": masked(visit.plate),
            "since": clock.iso(visit.since),
        },
    }


def _call_time(office: Office) -> timedelta:
    return timedelta(seconds=option(office.options, "call_seconds"))


def _lanes(session: Session, office_id: int, lane_id: int | None, site: str | None) -> list[LaneCard]:
    lanes = lanes_of(session, office_id)
    return [lane for lane in lanes if lane_id in (None, lane.id) and site in (None, lane.site)]


def _calls(session: Session, office: Office, lanes: list[LaneCard], at: datetime) -> list[Any]:
    """Calls that are announced now or later, in their order."""
    rows = session.execute(_CALLS, {"office_id": office.id, "since": at - _call_time(office)})
    return [row for row in rows if row.lane_id in {lane.id for lane in lanes}]


def _announcement(calls: list[Any], at: datetime) -> State | None:
    newest = next((call for call in reversed(calls) if call.shows_at <= at), None)
    return newest and {
        "id": newest.id,
        "queue_no": newest.queue_no,
        "lane": newest.number,
        "at": clock.iso(newest.shows_at),
    }


def _counted(session: Session, visits: list[Any]) -> dict[int, int]:
    rows = session.execute(_BOOK_COUNTS, {"visits": [visit.id for visit in visits]}).all()
    return {row.visit_id: row.books for row in rows}


def _recent(session: Session, office: Office, lane_id: int) -> list[State]:
    """The vehicles that left this lane last."""
    where = {"office_id": office.id, "day": clock.today(office.timezone), "lane_id": lane_id}
    return [
        {
            "id": visit.id,
            "queue_no": visit.queue_no,
            "state": visit.state,
            "at": clock.iso(visit.ended_at),
            "books_out": visit.books_out,
        }
        for visit in session.execute(_RECENT, where)
    ]
