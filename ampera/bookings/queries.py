"""Reads about booked windows: one pickup's, a day's with the places left, and the office's calendar to book from."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.bookings.models import Booking, SlotCount
from ampera.bookings.slots import LENGTH, Calendar, rules_of
from ampera.offices.calendar.admission import limits_of
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.offices.queries import specials_of, week_of
from ampera.passports.models import Passport
from ampera.passports.shelf_order import racks_in, walk_key
from ampera.passports.states import ON_SHELF


@dataclass(frozen=True)
class Slot:
    """One window that may be booked: local times, and how many places it has left for the kind asked about."""

    starts_at: datetime
    left: int
    is_mine: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + LENGTH


@dataclass(frozen=True)
class Mine:
    """A pickup's own booking as pages tell it, in local times; `earliest` and `latest` are its tolerance.

    `is_over` when nobody came in time, `is_off` when the office does not serve then any more.
    """

    starts_at: datetime
    kind: str
    sequence: int
    booked_at: datetime
    is_used: bool
    is_over: bool
    is_off: bool
    earliest: datetime
    latest: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + LENGTH


@dataclass(frozen=True)
class Prepared:
    """A window of the desk's day: what it takes and what is to be laid ready for it, in walking order."""

    starts_at: datetime
    taken: dict[str, int]
    capacity: dict[str, int]
    books: list[Any]

    @property
    def vehicles(self) -> int:
        return sum(self.taken.values())

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + LENGTH


def calendar_of(session: Session, office: Any, at: datetime, last_day: date | None = None) -> Calendar:
    """The office's days (its id, timezone and options) at this moment."""
    moment = clock.local(at, office.timezone)
    week, specials = week_of(session, office.id), specials_of(session, office.id, moment.date())
    return Calendar(moment, week, specials, limits_of(office.options), rules_of(office.options), last_day)


def booking_row(conn: Connection, pickup_id: int) -> Any:
    """The pickup's booking, or None."""
    return conn.execute(_BOOKING, {"pickup": pickup_id}).one_or_none()


def booked_on(conn: Connection, office_id: int, day: date) -> int:
    """How many places of the day are taken, whatever the vehicle."""
    return conn.execute(_TAKEN_ON, {"office": office_id, "day": day}).scalar_one()


def still_to_come(conn: Connection, office_id: int, day: date, since: datetime, but: int | None = None) -> int:
    """How many booked vehicles of the day have not come and may still: in windows from `since` on; `but` is left out.

    Prebuilt: it is asked on the way of a scan where a day has a quota.
    """
    return conn.execute(_TO_COME, {"office": office_id, "day": day, "since": since, "but": but or 0}).scalar_one()


def mine(session: Session, office: Office, pickup_id: int) -> Mine | None:
    """The booking of this pickup, seen from now."""
    row = booking_row(session.connection(), pickup_id)
    if row is None:
        return None
    start, calendar = clock.local(row.starts_at, office.timezone), calendar_of(session, office, clock.now())
    earliest, latest = start - calendar.rules.early, start + LENGTH + calendar.rules.late
    return Mine(
        start,
        row.kind,
        row.sequence,
        row.booked_at,
        is_used=row.used_at is not None,
        is_over=calendar.moment > latest,
        is_off=start > calendar.moment and not calendar.is_served(start),
        earliest=earliest,
        latest=latest,
    )


def slots(session: Session, office_id: int, calendar: Calendar, kind: str, own: Any = None) -> dict[date, list[Slot]]:
    """The windows of each open day that have not begun, with the places left for this kind of vehicle.

    `own` is the booking of the pickup that asks: its place is free for itself.
    """
    taken: dict[tuple[datetime, str], int] = {}
    of_day: dict[date, int] = defaultdict(int)
    where = {"office": office_id, "since": calendar.moment.date()}
    for row in session.execute(_COUNTS, where):
        mine = own is not None and (own.starts_at, own.kind) == (row.starts_at, row.kind)
        taken[row.starts_at, row.kind] = row.taken - mine
        of_day[row.day] += row.taken - mine
    capacity, found = calendar.rules.capacity.get(kind, 0), {}
    for day in calendar.days():
        limit = calendar.places(day)
        rest = capacity if limit is None else limit - of_day[day]
        windows = [
            Slot(
                start,
                max(0, min(capacity - taken.get((start.astimezone(UTC), kind), 0), rest)),
                own is not None and (own.starts_at, own.kind) == (start, kind),
            )
            for start in calendar.bookable(day)
        ]
        if windows:
            found[day] = windows
    return found


def prepared(session: Session, office: Office, day: date) -> list[Prepared]:
    """Every window of the day that somebody booked, with its books on the shelf as a clerk walks along them."""
    racks = racks_in(option(office.options, "rack_order"))
    books: dict[datetime, list[Any]] = {}
    for row in session.execute(_BOOKS, {"office": office.id, "day": day}):
        books.setdefault(row.starts_at, []).append(row)
    taken: dict[datetime, dict[str, int]] = {}
    for count in session.execute(_ALL_COUNTS, {"office": office.id, "day": day}):
        taken.setdefault(count.starts_at, {})[count.kind] = count.taken
    capacity = rules_of(office.options).capacity
    return [
        Prepared(
            clock.local(start, office.timezone),
            taken[start],
            dict(capacity),
            sorted(books.get(start, ()), key=lambda one: walk_key(one.shelf, racks)),
        )
        for start in sorted(taken)
    ]


def is_collectable(conn: Connection, pickup_id: int) -> bool:
    """Whether any of its books is still on a shelf, so that somebody has a reason to come."""
    return conn.execute(_ON_SHELF, {"pickup": pickup_id}).first() is not None


_BOOKING = select(
    Booking.pickup_id,
    Booking.office_id,
    Booking.day,
    Booking.starts_at,
    Booking.kind,
    Booking.sequence,
    Booking.booked_at,
    Booking.used_at,
).where(Booking.pickup_id == bindparam("pickup"))
_OF_DAY = (SlotCount.office_id == bindparam("office"), SlotCount.day == bindparam("day"))
_TAKEN_ON = select(func.coalesce(func.sum(SlotCount.taken), 0)).where(*_OF_DAY)
_COUNTS = select(SlotCount.starts_at, SlotCount.kind, SlotCount.day, SlotCount.taken).where(
    SlotCount.office_id == bindparam("office"), SlotCount.day >= bindparam("since"), SlotCount.taken > 0
)
_ALL_COUNTS = select(SlotCount.starts_at, SlotCount.kind, SlotCount.taken).where(*_OF_DAY, SlotCount.taken > 0)
_TO_COME = select(func.count()).where(
    Booking.office_id == bindparam("office"),
    Booking.day == bindparam("day"),
    Booking.starts_at >= bindparam("since"),
    Booking.used_at.is_(None),
    Booking.pickup_id != bindparam("but"),
)
_BOOKS = (
    select(
        Booking.starts_at,
        Booking.kind,
        Booking.used_at,
        Passport.id,
        Passport.holder_name,
        Passport.shelf,
        Passport.state,
    )
    .join(Passport, Passport.pickup_id == Booking.pickup_id)
    .where(
        Booking.office_id == bindparam("office"),
        Booking.day == bindparam("day"),
        Passport.state.in_(ON_SHELF),
    )
    .order_by(Booking.starts_at, Passport.id)
)
_ON_SHELF = select(Passport.id).where(Passport.pickup_id == bindparam("pickup"), Passport.state.in_(ON_SHELF)).limit(1)
