"""Closed slots: a change of the office closes booked slots or reopens them.

The booking itself is kept, so it is valid again when the office reopens the slot. `off_since` is the moment of the
change that closed the slot: applicants are notified once per closure.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Row, bindparam, exists, select, update

from ampera import audit, clock, db, events, tasks
from ampera.audit import Actor
from ampera.bookings import queries
from ampera.bookings.events import BookedSlot, SlotsClosed, SlotsReopened
from ampera.bookings.models import Booking
from ampera.bookings.slots import rules_of
from ampera.db import Database, Unit, transaction
from ampera.offices.calendar.admission import limits_of
from ampera.offices.events import OfficeChanged
from ampera.offices.models import Office

CHECK_SECONDS = 60
MORNING_HOUR = 5  # of the office's day: before its first slots, and no applicant is woken at midnight

# The day of each office's last check, so that a minute without a change costs one small read.
_checked: WeakKeyDictionary[Database, dict[int, date]] = WeakKeyDictionary()


class OpenBooking(NamedTuple):
    """A booking whose slot has not begun. `off_since` is None while the office serves the slot."""

    pickup_id: int
    starts_at: datetime
    sequence: int
    off_since: datetime | None

    @property
    def slot(self) -> BookedSlot:
        return BookedSlot(self.pickup_id, self.starts_at, self.sequence)


@events.during(OfficeChanged)
def office_changed(unit: Unit, happened: OfficeChanged) -> None:
    """Hours, special days and limits all arrive here. Most changes find no bookings ahead."""
    if count := _check(unit, happened.office_id):
        happened.vehicles_off.append(count)


@tasks.every(CHECK_SECONDS)
def check_daily() -> None:
    """A manual closing without an end covers one day after the other, without any further change of the office."""
    checked = _checked.setdefault(db.current(), {})
    with db.reading() as session:
        offices = session.execute(_OFFICES).all()
    for office in offices:
        local, limits = clock.local(clock.now(), office.timezone), limits_of(office.options)
        is_endless = limits.closed_by_hand and limits.closed_until is None
        if is_endless and local.hour >= MORNING_HOUR and checked.get(office.id) != local.date():
            check(audit.command(office.id))
            checked[office.id] = local.date()


@transaction
def check(unit: Unit, actor: Actor) -> int:
    """Compare the bookings ahead of the actor's office with the slots it serves; the number of slots now closed."""
    return _check(unit, actor.office_id or 0)


def _check(unit: Unit, office_id: int) -> int:
    """Costs one statement when the office has no slots or no bookings."""
    ahead = {"office": office_id, "now": unit.at, "since": unit.at.date() - timedelta(days=1)}
    office = unit.conn.execute(_OFFICE, ahead).one()
    if not office.has_bookings or not rules_of(office.options).is_on:
        return 0
    bookings = [OpenBooking._make(row) for row in unit.conn.execute(_AHEAD, ahead)]
    served = _served(unit, office, {booking.starts_at for booking in bookings})
    closed = [booking for booking in bookings if booking.starts_at not in served and booking.off_since is None]
    reopened = [booking for booking in bookings if booking.starts_at in served and booking.off_since]
    _mark(unit, reopened, None)
    _mark(unit, closed, unit.at)
    if reopened:
        slots = tuple((booking.slot, booking.off_since) for booking in reopened if booking.off_since)
        unit.emit(SlotsReopened(office_id, slots))
    if closed:
        unit.emit(SlotsClosed(office_id, unit.at, tuple(booking.slot for booking in closed)))
    return len(closed)


def _served(unit: Unit, office: Row[Any], starts: set[datetime]) -> set[datetime]:
    calendar = queries.calendar_of(unit.session, office, unit.at)
    return {start for start in starts if calendar.is_served(clock.local(start, office.timezone))}


def _mark(unit: Unit, bookings: Sequence[OpenBooking], since: datetime | None) -> None:
    if bookings:
        unit.conn.execute(_MARK, [{"pickup": booking.pickup_id, "off_since": since} for booking in bookings])


_OFFICES = select(Office.id, Office.timezone, Office.options)
_IS_AHEAD = (
    Booking.office_id == bindparam("office"),
    Booking.day >= bindparam("since"),  # for the index; one day of tolerance, because `day` is a local date
    Booking.starts_at > bindparam("now"),
    Booking.used_at.is_(None),
)
_OFFICE = select(Office.id, Office.timezone, Office.options, exists().where(*_IS_AHEAD).label("has_bookings")).where(
    Office.id == bindparam("office")
)
_AHEAD = select(Booking.pickup_id, Booking.starts_at, Booking.sequence, Booking.off_since).where(*_IS_AHEAD)
_MARK = update(Booking).where(Booking.pickup_id == bindparam("pickup"))
