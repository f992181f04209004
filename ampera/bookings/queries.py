"""Reads of bookings: the booking of one pickup, the open slots of a day, and the desk's list of a day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.bookings.models import Booking, SlotCount
from ampera.bookings.slots import LENGTH, SlotCalendar, rules_of
from ampera.offices.calendar.admission import limits_of
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.offices.queries import OfficeRow, specials_of, week_of
from ampera.passports.models import Passport
from ampera.passports.shelf_order import racks_in, walk_key
from ampera.passports.states import ON_SHELF


@dataclass(frozen=True)
class Slot:
    """One slot that can be booked, in local time. `left` is the number of free places for the requested kind."""

    starts_at: datetime
    left: int
    is_own: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + LENGTH


@dataclass(frozen=True)
class OwnBooking:
    """The booking of a pickup as pages show it, in local times. `earliest` and `latest` include the tolerance.

    `is_over`: the slot passed and no vehicle came in time. `is_off`: the office no longer serves the slot.
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
class PreparedSlot:
    """A slot of the desk's day: its places by kind of vehicle, and its books in walking order."""

    starts_at: datetime
    taken: dict[str, int]
    capacity: dict[str, int]
    books: list["SlotBook"]

    @property
    def vehicles(self) -> int:
        return sum(self.taken.values())

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + LENGTH


class SlotBook(NamedTuple):
    """A book on the shelf whose pickup has a booking."""

    starts_at: datetime
    kind: str
    used_at: datetime | None
    id: int
    holder_name: str
    shelf: str
    state: str


class BookingRow(NamedTuple):
    """One row of `bookings`."""

    pickup_id: int
    office_id: int
    day: date
    starts_at: datetime
    kind: str
    sequence: int
    booked_at: datetime
    used_at: datetime | None

    def is_in(self, starts_at: datetime, kind: str) -> bool:
        """Whether the booking is for this slot and this kind of vehicle."""
        return (self.starts_at, self.kind) == (starts_at, kind)


def calendar_of(session: Session, office: OfficeRow, at: datetime, last_day: date | None = None) -> SlotCalendar:
    """The slot calendar at this moment. `office` has `id`, `timezone` and `options`."""
    moment = clock.local(at, office.timezone)
    week, specials = week_of(session, office.id), specials_of(session, office.id, moment.date())
    return SlotCalendar(moment, week, specials, limits_of(office.options), rules_of(office.options), last_day)


def booking_row(conn: Connection, pickup_id: int) -> BookingRow | None:
    """The booking of the pickup, or None."""
    row = conn.execute(_BOOKING, {"pickup": pickup_id}).one_or_none()
    return BookingRow._make(row) if row else None


def booked_on(conn: Connection, office_id: int, day: date) -> int:
    """How many places of the day are taken, by vehicles of every kind."""
    return conn.execute(_TAKEN_ON, {"office": office_id, "day": day}).scalar_one()


def still_to_come(conn: Connection, office_id: int, day: date, since: datetime, excluding: int | None = None) -> int:
    """The number of unused bookings of the day in slots from `since` on, without the pickup `excluding`.

    The statement is prebuilt, because a scan runs it on a day with a quota.
    """
    where = {"office": office_id, "day": day, "since": since, "excluding": excluding or 0}
    return conn.execute(_TO_COME, where).scalar_one()


def own_booking(session: Session, office: Office, pickup_id: int) -> OwnBooking | None:
    """The booking of this pickup at the current moment; None when it has none."""
    row = booking_row(session.connection(), pickup_id)
    if row is None:
        return None
    start, calendar = clock.local(row.starts_at, office.timezone), calendar_of(session, office, clock.now())
    earliest, latest = start - calendar.rules.early, start + LENGTH + calendar.rules.late
    return OwnBooking(
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


def open_slots(
    session: Session, office_id: int, calendar: SlotCalendar, kind: str, own: BookingRow | None = None
) -> dict[date, list[Slot]]:
    """The slots of each open day that have not begun, with the places left for this kind of vehicle.

    The place of `own`, the booking of the pickup that asks, counts as free.
    """
    taken: dict[tuple[datetime, str], int] = {}
    of_day: dict[date, int] = defaultdict(int)
    where = {"office": office_id, "since": calendar.moment.date()}
    for row in session.execute(_COUNTS, where):
        others = row.taken - (own is not None and own.is_in(row.starts_at, row.kind))
        taken[row.starts_at, row.kind] = others
        of_day[row.day] += others
    capacity, found = calendar.rules.capacity.get(kind, 0), {}
    for day in calendar.days():
        limit = calendar.places(day)
        rest = capacity if limit is None else limit - of_day[day]
        slots = [
            Slot(
                start,
                max(0, min(capacity - taken.get((start.astimezone(UTC), kind), 0), rest)),
                own is not None and own.is_in(start, kind),
            )
            for start in calendar.bookable(day)
        ]
        if slots:
            found[day] = slots
    return found


def prepared_slots(session: Session, office: Office, day: date) -> list[PreparedSlot]:
    """Every booked slot of the day with its books on the shelf, in the order in which a clerk walks along them."""
    racks = racks_in(option(office.options, "rack_order"))
    books: dict[datetime, list[SlotBook]] = {}
    for row in session.execute(_BOOKS, {"office": office.id, "day": day}):
        books.setdefault(row.starts_at, []).append(SlotBook._make(row))
    taken: dict[datetime, dict[str, int]] = {}
    for count in session.execute(_ALL_COUNTS, {"office": office.id, "day": day}):
        taken.setdefault(count.starts_at, {})[count.kind] = count.taken
    capacity = rules_of(office.options).capacity
    return [
        PreparedSlot(
            clock.local(start, office.timezone),
            taken[start],
            dict(capacity),
            sorted(books.get(start, ()), key=lambda book: walk_key(book.shelf, racks)),
        )
        for start in sorted(taken)
    ]


def is_collectable(conn: Connection, pickup_id: int) -> bool:
    """Whether any book of the pickup is still on a shelf."""
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
    Booking.pickup_id != bindparam("excluding"),
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
