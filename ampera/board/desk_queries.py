"""The state of the desk: which books to fetch for which vehicles, where each book is now, and in which order to walk.

The number of statements does not depend on the length of the queue. A book away from its shelf has a `Pick`.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, literal, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.models import Staff
from ampera.bookings.models import Booking
from ampera.bookings.slots import rules_of
from ampera.offices.models import Lane, Office
from ampera.offices.options.defaults import option
from ampera.passports import shelf_order
from ampera.passports.models import Passport
from ampera.visits import states
from ampera.visits.models import Arrival, Pick, Visit, VisitPickup
from ampera.visits.picks.locations import MISSING
from ampera.visits.queue.places import IN_ORDER

SOON = timedelta(minutes=30)  # before its slot, the books of a booking are on the list
State = dict[str, Any]


def desk_state(session: Session, office_id: int) -> State:
    """The pick list: vehicles in the order of the queue, then pickups that are on their way, then bookings.

    `walk` is the order along the shelf. `returns` are books that no vehicle waits for; `missing` were not on the shelf.
    """
    office, at = session.get_one(Office, office_id), clock.now()
    picks = _of_vehicles(session, office) + _announced(session, office, at) + _booked(session, office, at)
    wanted = {book["passport_id"]: (visit, book) for visit in picks for book in visit["books"]}
    away = [_away(row, wanted) for row in session.execute(_AWAY, {"office": office_id})]
    return {
        "office": office.code,
        "revision": office.revision,
        "at": clock.iso(at),
        "picks": picks,
        "returns": [book for book in away if book["pick"] != MISSING and book["passport_id"] not in wanted],
        "missing": [book for book in away if book["pick"] == MISSING],
        "walk": _walk([book for _, book in wanted.values() if book["pick"] is None], office),
    }


def seconds_until_change(session: Session, office_id: int) -> float | None:
    """Seconds until the list changes without an event: a reported arrival expires. None if nothing does."""
    at = clock.now()
    expires_at = session.scalar(_EXPIRY, {"office": office_id, "now": at})
    return (expires_at - at).total_seconds() if expires_at else None


def _of_vehicles(session: Session, office: Office) -> list[State]:
    """Today's vehicles that have ready books, in the order of the queue."""
    day = clock.today(office.timezone)
    books: dict[int, list[State]] = {}
    for row in session.execute(_OF_VISITS, {"office": office.id, "day": day}):
        books.setdefault(row.visit_id, []).append(_book(row))
    return [
        {
            "visit_id": visit.id,
            "pickup_id": None,
            "queue_no": visit.queue_no,
            "arrival": None,
            "booked_for": clock.iso(visit.booked_for),
            "state": visit.state,
            "is_parked": visit.parked_at is not None,
            "lane": visit.lane_number,
            "window": visit.window,
            "since": clock.iso(visit.since),
            "books": books[visit.id],
        }
        for visit in session.execute(_VISITS, {"office": office.id, "day": day})
        if visit.id in books
    ]


def _announced(session: Session, office: Office, at: datetime) -> list[State]:
    """Pickups that reported being on the way or on site, and are in no vehicle yet; on site first, then by time."""
    return _coming(session.execute(_OF_ARRIVALS, {"office": office.id, "now": at}))


def _booked(session: Session, office: Office, at: datetime) -> list[State]:
    """Bookings whose slot begins soon or is current, without a vehicle and without a report."""
    rules = rules_of(office.options)
    if not rules.is_on:
        return []
    soon = {"office": office.id, "now": at, "since": rules.oldest_current(at), "until": at + SOON}
    return _coming(session.execute(_OF_BOOKINGS, soon))


def _coming(rows: Any) -> list[State]:
    found: dict[int, State] = {}
    for row in rows:
        entry = {
            "visit_id": None,
            "pickup_id": row.pickup_id,
            "queue_no": None,
            "arrival": row.arrival,
            "booked_for": clock.iso(row.booked_for),
            "state": row.arrival,
            "is_parked": False,
            "lane": None,
            "window": None,
            "since": clock.iso(row.arrival_at),
            "books": [],
        }
        found.setdefault(row.pickup_id, entry)["books"].append(_book(row))
    return list(found.values())


def _book(row: Any) -> State:
    return {
        "passport_id": row.id,
        "holder_name": row.holder_name,
        "shelf": row.shelf,
        "pick": row.pick,
        "pick_lane": row.pick_lane,
        "pick_window": row.pick_window,
        "pick_by": row.pick_by,
        "pick_staff_id": row.pick_staff_id,
        "since": clock.iso(row.pick_at),
    }


def _away(row: Any, wanted: dict[int, tuple[State, State]]) -> State:
    """A book away from its shelf, with the vehicle that waits for it, else the one it was fetched for."""
    visit, _ = wanted.get(row.id, (None, None))
    queue_no, lane = (visit["queue_no"], visit["lane"]) if visit else (row.queue_no, None)
    return {**_book(row), "state": row.state, "is_wanted": visit is not None, "queue_no": queue_no, "lane": lane}


def _walk(books: list[State], office: Office) -> list[int]:
    racks = shelf_order.racks_in(option(office.options, "rack_order"))
    return [book["passport_id"] for book in sorted(books, key=lambda book: shelf_order.walk_key(book["shelf"], racks))]


def _with_pick(query: Any) -> Select[Any]:
    """The columns of a book and of its pick, which may not exist."""
    return query.add_columns(
        Passport.id,
        Passport.holder_name,
        Passport.shelf,
        Pick.state.label("pick"),
        Pick.window.label("pick_window"),
        Pick.staff_id.label("pick_staff_id"),
        Pick.at.label("pick_at"),
        Lane.number.label("pick_lane"),
        Staff.name.label("pick_by"),
    )


_OPEN_TODAY = (
    Visit.office_id == bindparam("office"),
    Visit.day == bindparam("day"),
    Visit.state.in_(states.OPEN),
)
_VISITS = (
    select(
        Visit.id,
        Visit.queue_no,
        Visit.state,
        Visit.window,
        Visit.since,
        Visit.booked_for,
        Visit.parked_at,
        Lane.number.label("lane_number"),
    )
    .outerjoin(Lane, Lane.id == Visit.lane_id)
    .where(*_OPEN_TODAY)
    .order_by(*IN_ORDER)
)
_OF_VISITS = _with_pick(
    select(VisitPickup.visit_id)
    .select_from(Visit)
    .join(VisitPickup, (VisitPickup.visit_id == Visit.id) & VisitPickup.is_open)
    .join(Passport, Passport.pickup_id == VisitPickup.pickup_id)
    .outerjoin(Pick, Pick.passport_id == Passport.id)
    .outerjoin(Lane, Lane.id == Pick.lane_id)
    .outerjoin(Staff, Staff.id == Pick.staff_id)
    .where(*_OPEN_TODAY, Passport.state == "ready")
    .order_by(VisitPickup.added_at, Passport.id)
)
_IN_A_VEHICLE = select(VisitPickup.visit_id).where(VisitPickup.pickup_id == Arrival.pickup_id, VisitPickup.is_open)
_OF_ARRIVALS = _with_pick(
    select(
        Arrival.pickup_id,
        Arrival.kind.label("arrival"),
        Arrival.at.label("arrival_at"),
        Booking.starts_at.label("booked_for"),
    )
    .join(Passport, Passport.pickup_id == Arrival.pickup_id)
    .outerjoin(Booking, (Booking.pickup_id == Arrival.pickup_id) & Booking.used_at.is_(None))
    .outerjoin(Pick, Pick.passport_id == Passport.id)
    .outerjoin(Lane, Lane.id == Pick.lane_id)
    .outerjoin(Staff, Staff.id == Pick.staff_id)
    .where(
        Arrival.office_id == bindparam("office"),
        Arrival.expires_at > bindparam("now"),
        Passport.state == "ready",
        ~_IN_A_VEHICLE.exists(),
    )
    .order_by(Arrival.kind, Arrival.at, Passport.id)  # "arrived" sorts before "leaving"
)
_EXPIRY = (
    select(Arrival.expires_at)
    .where(Arrival.office_id == bindparam("office"), Arrival.expires_at > bindparam("now"))
    .order_by(Arrival.expires_at)
    .limit(1)
)
_BOOKED_IS_HERE = select(VisitPickup.visit_id).where(VisitPickup.pickup_id == Booking.pickup_id, VisitPickup.is_open)
_REPORTED = select(Arrival.pickup_id).where(
    Arrival.pickup_id == Booking.pickup_id, Arrival.expires_at > bindparam("now")
)
_OF_BOOKINGS = _with_pick(
    select(
        Booking.pickup_id,
        literal("booked").label("arrival"),
        Booking.starts_at.label("arrival_at"),
        Booking.starts_at.label("booked_for"),
    )
    .join(Passport, Passport.pickup_id == Booking.pickup_id)
    .outerjoin(Pick, Pick.passport_id == Passport.id)
    .outerjoin(Lane, Lane.id == Pick.lane_id)
    .outerjoin(Staff, Staff.id == Pick.staff_id)
    .where(
        Booking.office_id == bindparam("office"),
        Booking.starts_at >= bindparam("since"),
        Booking.starts_at <= bindparam("until"),
        Booking.used_at.is_(None),
        Passport.state == "ready",
        ~_BOOKED_IS_HERE.exists(),
        ~_REPORTED.exists(),
    )
    .order_by(Booking.starts_at, Passport.id)
)
_AWAY = _with_pick(
    select(Passport.state, Visit.queue_no)
    .select_from(Pick)
    .join(Passport, Passport.id == Pick.passport_id)
    .outerjoin(Visit, Visit.id == Pick.visit_id)
    .outerjoin(Lane, Lane.id == Pick.lane_id)
    .outerjoin(Staff, Staff.id == Pick.staff_id)
    .where(Pick.office_id == bindparam("office"), Passport.state != "collected")
    .order_by(Pick.at, Passport.id)
)
