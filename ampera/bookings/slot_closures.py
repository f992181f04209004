"""Booked windows that the office does not serve any more: a change of the office takes them away or gives them back.

The booking itself stays as it is, so nothing is lost when the office serves then after all. `off_since` remembers
which change took the window away: whoever tells people tells them once for it, and again when it happens again.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, exists, select, update

from ampera import audit, clock, db, events, tasks
from ampera.audit import Actor
from ampera.bookings import queries
from ampera.bookings.events import Window, WindowsBack, WindowsOff
from ampera.bookings.models import Booking
from ampera.bookings.slots import rules_of
from ampera.db import Database, Unit, transaction
from ampera.offices.calendar.admission import limits_of
from ampera.offices.events import OfficeChanged
from ampera.offices.models import Office

CHECK_SECONDS = 60
MORNING_HOUR = 5  # of the office's day: early enough for its first windows, and nobody is woken at midnight

# The day of each office's last look, so that a minute without anything new costs one small read.
_looked: WeakKeyDictionary[Database, dict[int, date]] = WeakKeyDictionary()


@events.during(OfficeChanged)
def office_changed(unit: Unit, happened: OfficeChanged) -> None:
    """Whatever changed: hours, special days and limits come in many ways, and most changes find nothing ahead."""
    if count := _look(unit, happened.office_id):
        happened.vehicles_off.append(count)


@tasks.every(CHECK_SECONDS)
def look_daily() -> None:
    """A closing by hand whose end nobody knows takes away one day after the other, without any further change."""
    looked = _looked.setdefault(db.current(), {})
    with db.reading() as session:
        offices = session.execute(_OFFICES).all()
    for office in offices:
        local, limits = clock.local(clock.now(), office.timezone), limits_of(office.options)
        is_endless = limits.closed_by_hand and limits.closed_until is None
        if is_endless and local.hour >= MORNING_HOUR and looked.get(office.id) != local.date():
            look(audit.command(office.id))
            looked[office.id] = local.date()


@transaction
def look(unit: Unit, actor: Actor) -> int:
    """Compare the office's bookings ahead with what it serves now; how many windows have fallen away."""
    return _look(unit, actor.office_id or 0)


def _look(unit: Unit, office_id: int) -> int:
    """One statement where no windows are booked, or none at all are."""
    ahead = {"office": office_id, "now": unit.at, "since": unit.at.date() - timedelta(days=1)}
    office = unit.conn.execute(_OFFICE, ahead).one()
    if not office.has_bookings or not rules_of(office.options).is_on:
        return 0
    rows = unit.conn.execute(_AHEAD, ahead).all()
    served = _served(unit, office, {row.starts_at for row in rows})
    off = [row for row in rows if row.starts_at not in served and row.off_since is None]
    back = [row for row in rows if row.starts_at in served and row.off_since]
    _mark(unit, back, None)
    _mark(unit, off, unit.at)
    if back:
        unit.emit(WindowsBack(office_id, tuple((_window(row), row.off_since) for row in back)))
    if off:
        unit.emit(WindowsOff(office_id, unit.at, tuple(map(_window, off))))
    return len(off)


def _window(row: Any) -> Window:
    return Window(row.pickup_id, row.starts_at, row.sequence)


def _served(unit: Unit, office: Any, starts: set[datetime]) -> set[datetime]:
    calendar = queries.calendar_of(unit.session, office, unit.at)
    return {start for start in starts if calendar.is_served(clock.local(start, office.timezone))}


def _mark(unit: Unit, rows: Sequence[Any], since: datetime | None) -> None:
    if rows:
        unit.conn.execute(_MARK, [{"pickup": row.pickup_id, "off_since": since} for row in rows])


_OFFICES = select(Office.id, Office.timezone, Office.options)
_IS_AHEAD = (
    Booking.office_id == bindparam("office"),
    Booking.day >= bindparam("since"),  # for the index: local days, a day to spare
    Booking.starts_at > bindparam("now"),
    Booking.used_at.is_(None),
)
_OFFICE = select(Office.id, Office.timezone, Office.options, exists().where(*_IS_AHEAD).label("has_bookings")).where(
    Office.id == bindparam("office")
)
_AHEAD = select(Booking.pickup_id, Booking.starts_at, Booking.sequence, Booking.off_since).where(*_IS_AHEAD)
_MARK = update(Booking).where(Booking.pickup_id == bindparam("pickup"))
