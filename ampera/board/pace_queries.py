"""How fast the lanes serve: vehicles and books of the last hour and of today, for each lane and officer.

Only what the database says counts: visits that are done, and handovers that are not void. Nothing is projected. An
officer sees the own figures; those of all officers are for supervisors.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from statistics import median_low
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, func, select, true
from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.models import Staff
from ampera.board.lane_checks.queries import newest_checks
from ampera.handovers.models import Handover
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.offices.queries import LaneCard, lanes_of
from ampera.passports.models import Passport
from ampera.sql.statements import TypedSelect
from ampera.visits import states
from ampera.visits.models import Visit, VisitPickup

LATELY = timedelta(hours=1)
State = dict[str, Any]
Place = tuple[int, int]  # ids of a lane and an officer


class CountRow(NamedTuple):
    """Vehicles or books of one officer at one lane, of today and of the last hour."""

    lane_id: int
    staff_id: int
    today: int
    lately: int


class OwnRow(NamedTuple):
    """The same of one officer at one lane, vehicles and books."""

    vehicles_today: int
    vehicles_lately: int
    books_today: int
    books_lately: int


class ServedRow(NamedTuple):
    """A vehicle that was served to its end."""

    lane_id: int
    staff_id: int
    served_at: datetime
    ended_at: datetime
    parked_s: int


class ServingRow(NamedTuple):
    """A vehicle that is served now, not at the side, with the number of its books."""

    lane_id: int
    staff_id: int
    queue_no: str
    window: int | None
    served_at: datetime
    parked_s: int
    books: int


def own_pace(session: Session, office: Office, lane_id: int, staff_id: int | None) -> State | None:
    """The figures of this officer at this lane; None for a viewer who is no member of staff."""
    if staff_id is None:
        return None
    own = _OWN.required(session, **_times(office), lane_id=lane_id, staff_id=staff_id)
    return {
        "hour": {"vehicles": own.vehicles_lately, "books": own.books_lately},
        "day": {"vehicles": own.vehicles_today, "books": own.books_today},
    }


def pace_state(session: Session, office_id: int) -> State:
    """What supervisors see: every lane with each officer who served there today, and the vehicles served now."""
    office, at = session.get_one(Office, office_id), clock.now()
    rows, lanes = _officers(session, office), lanes_of(session, office_id)
    checks = newest_checks(session, [lane.id for lane in lanes], _times(office)["midnight"])
    return {
        "office": office.code,
        "revision": office.revision,
        "at": clock.iso(at),
        "target_s": option(office.options, "service_target_seconds"),
        "target_book_s": option(office.options, "service_target_book_seconds"),
        "lanes": [{**_lane(lane, rows), "check": checks.get(lane.id)} for lane in lanes],
    }


def _lane(lane: LaneCard, rows: dict[Place, State]) -> State:
    officers = sorted((row for (lane_id, _), row in rows.items() if lane_id == lane.id), key=lambda row: row["officer"])
    return {"lane": lane.number, "name": lane.name, "site": lane.site, "open": lane.is_open, "officers": officers}


def _officers(session: Session, office: Office) -> dict[Place, State]:
    """The figures of every officer at every lane where that officer served or serves today."""
    times = _times(office)
    vehicles = {(row.lane_id, row.staff_id): row for row in _VEHICLES.all(session, **times)}
    books = {(row.lane_id, row.staff_id): row for row in _BOOKS.all(session, **times)}
    seconds, serving = _seconds(session, times), _serving(session, times)
    places = vehicles.keys() | books.keys() | serving.keys()
    names = _names(session, {staff_id for _, staff_id in places})
    return {
        place: {
            "officer": names[place[1]],
            **_figures(vehicles.get(place), books.get(place)),
            "service_s": median_low(seconds[place]) if seconds[place] else None,
            "serving": serving[place],
        }
        for place in places
    }


def _seconds(session: Session, times: dict[str, Any]) -> dict[Place, list[int]]:
    """How long each vehicle of today was at the window; waiting at the side is no service."""
    seconds: dict[Place, list[int]] = defaultdict(list)
    for row in _SERVED.all(session, **times):
        spent = int((row.ended_at - row.served_at).total_seconds()) - row.parked_s
        seconds[row.lane_id, row.staff_id].append(max(0, spent))
    return seconds


def _serving(session: Session, times: dict[str, Any]) -> dict[Place, list[State]]:
    serving: dict[Place, list[State]] = defaultdict(list)
    for row in _SERVING.all(session, **times):
        serving[row.lane_id, row.staff_id].append(
            {
                "queue_no": row.queue_no,
                "window": row.window,
                "served_at": clock.iso(row.served_at),
                "parked_s": row.parked_s,
                "books": row.books,
            }
        )
    return serving


def _names(session: Session, staff_ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(staff_ids)))
    return {row.id: row.name for row in rows}


def _figures(vehicles: CountRow | None, books: CountRow | None) -> State:
    return {
        "hour": {"vehicles": vehicles.lately if vehicles else 0, "books": books.lately if books else 0},
        "day": {"vehicles": vehicles.today if vehicles else 0, "books": books.today if books else 0},
    }


def _times(office: Office) -> dict[str, Any]:
    """The parameters of all statements here: the office, its present day and the last hour."""
    day = clock.today(office.timezone)
    since = clock.now() - LATELY
    return {"office_id": office.id, "day": day, "midnight": _midnight(day, office.timezone), "since": since}


def _midnight(day: date, timezone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(timezone))


_OF_TODAY = (
    Visit.office_id == bindparam("office_id"),
    Visit.day == bindparam("day"),
    Visit.lane_id.is_not(None),
    Visit.claim_staff_id.is_not(None),
    Visit.served_at.is_not(None),
)
_HANDED_OVER = (
    Handover.office_id == bindparam("office_id"),
    Handover.at >= bindparam("midnight"),
    Handover.voided_at.is_(None),
)
_VEHICLES_DONE = (
    func.count().label("today"),
    func.coalesce(func.sum(case((Visit.ended_at > bindparam("since"), 1), else_=0)), 0).label("lately"),
)
_BOOKS_GONE = (
    func.count().label("today"),
    func.coalesce(func.sum(case((Handover.at > bindparam("since"), 1), else_=0)), 0).label("lately"),
)
_VEHICLES = TypedSelect(
    CountRow,
    select(
        Visit.lane_id,
        Visit.claim_staff_id.label("staff_id"),
        *_VEHICLES_DONE,
    )
    .where(*_OF_TODAY, Visit.state == states.DONE)
    .group_by(Visit.lane_id, Visit.claim_staff_id),
)
_BOOKS = TypedSelect(
    CountRow,
    select(
        Handover.lane_id,
        Handover.officer_id.label("staff_id"),
        *_BOOKS_GONE,
    )
    .where(*_HANDED_OVER)
    .group_by(Handover.lane_id, Handover.officer_id),
)
_own_vehicles = (
    select(*_VEHICLES_DONE)
    .where(
        *_OF_TODAY,
        Visit.state == states.DONE,
        Visit.lane_id == bindparam("lane_id"),
        Visit.claim_staff_id == bindparam("staff_id"),
    )
    .subquery()
)
_own_books = (
    select(*_BOOKS_GONE)
    .where(*_HANDED_OVER, Handover.lane_id == bindparam("lane_id"), Handover.officer_id == bindparam("staff_id"))
    .subquery()
)
# One row of one statement, because every state of a tablet has it.
_OWN = TypedSelect(
    OwnRow,
    select(
        _own_vehicles.c.today.label("vehicles_today"),
        _own_vehicles.c.lately.label("vehicles_lately"),
        _own_books.c.today.label("books_today"),
        _own_books.c.lately.label("books_lately"),
    ).join_from(_own_vehicles, _own_books, true()),
)
_SERVED = TypedSelect(
    ServedRow,
    select(
        Visit.lane_id, Visit.claim_staff_id.label("staff_id"), Visit.served_at, Visit.ended_at, Visit.parked_s
    ).where(*_OF_TODAY, Visit.state == states.DONE, Visit.ended_at.is_not(None)),
)
_SERVING = TypedSelect(
    ServingRow,
    select(
        Visit.lane_id,
        Visit.claim_staff_id.label("staff_id"),
        Visit.queue_no,
        Visit.window,
        Visit.served_at,
        Visit.parked_s,
        func.count(Passport.id).label("books"),
    )
    .outerjoin(VisitPickup, (VisitPickup.visit_id == Visit.id) & VisitPickup.out_at.is_(None))
    .outerjoin(Passport, Passport.pickup_id == VisitPickup.pickup_id)
    .where(*_OF_TODAY, Visit.state == states.SERVING, Visit.parked_at.is_(None))
    .group_by(Visit.id)
    .order_by(Visit.served_at, Visit.id),
)
