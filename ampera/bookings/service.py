"""What can be done with a window: book it, move to another one, give it back. Each is one transaction.

The place is counted by one conditional statement; a move takes the new place before it gives the old one back.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ampera import audit, clock, events
from ampera.audit import Actor
from ampera.bookings import queries
from ampera.bookings.events import BookingAsked, BookingMade, BookingMoved, BookingReturned
from ampera.bookings.models import Booking, SlotCount
from ampera.bookings.slots import OFF, Calendar, told
from ampera.db import Unit, transaction
from ampera.errors import Refused
from ampera.offices.models import Office
from ampera.passports.events import BookChanged
from ampera.passports.models import Passport
from ampera.pickups import stages
from ampera.pickups.events import PickupChanged
from ampera.pickups.queries import Card, card


@transaction
def book(unit: Unit, actor: Actor, pickup_id: int, starts_at: datetime, kind: str) -> datetime | Refused:
    """A place in the window that begins then, instead of the one the pickup has; gives that beginning.

    Refused, and then nothing changes: `slots_off`, `not_needed` (no book is ready), `already_here`, `slot_over`,
    `slot_unknown`, `slot_after_deadline`, `slot_full`, `day_full`.
    """
    known = card(unit.session, pickup_id, actor.office_id)
    if known is None:
        return Refused("not_found", 404)
    calendar = queries.calendar_of(unit.session, known.office, unit.at, known.deadline)
    own = queries.booking_row(unit.conn, pickup_id)
    if own is not None and (own.starts_at, own.kind, own.used_at) == (starts_at, kind, None):
        return starts_at
    if why := _why_not(unit, known, calendar, starts_at, kind) or _take(unit, known, calendar, own, starts_at, kind):
        audit.record(unit, actor, "pickup.booking_refused", f"pickup:{pickup_id}", why=why)
        return Refused(why, 409)
    _keep(unit, actor, known, own, starts_at, kind)
    return starts_at


@transaction
def give_back(unit: Unit, actor: Actor, pickup_id: int) -> bool:
    """Free the pickup's place; whether it had one."""
    own = queries.booking_row(unit.conn, pickup_id)
    if own is None or own.office_id != actor.office_id:
        return False
    _return(unit, actor, pickup_id, "withdrawn")
    return True


@events.during(BookChanged)
def book_changed(unit: Any, happened: BookChanged) -> None:
    """A place is not kept for books that nobody can fetch any more."""
    pickup_id = unit.conn.execute(_BOOKED_WITH, {"passport": happened.passport_id}).scalar()
    if pickup_id is not None:
        _return_if_needless(unit, happened.office_id, pickup_id)


@events.during(PickupChanged)
def pickup_changed(unit: Any, happened: PickupChanged) -> None:
    """The same for a pickup whose books went into another group."""
    _return_if_needless(unit, happened.office_id, happened.pickup_id)


def _why_not(unit: Unit, known: Card, calendar: Calendar, starts_at: datetime, kind: str) -> str | None:
    if not calendar.rules.is_on:
        return OFF
    if known.stage(known.current.state if known.current else "revoked") != stages.READY:
        return "not_needed"
    asked = BookingAsked(known.office.id, known.pickup_id)
    unit.emit(asked)
    return next(iter(asked.objections), None) or calendar.why_not(starts_at, kind)


def _take(unit: Unit, known: Card, calendar: Calendar, own: Any, starts_at: datetime, kind: str) -> str | None:
    """Count the new place; the old one of the same pickup does not stand in its way on a full day."""
    day, office_id = _day(calendar, starts_at), known.office.id
    limit = calendar.places(day)
    if limit is not None:
        freed = own is not None and own.day == day
        if queries.booked_on(unit.conn, office_id, day) - freed >= limit:
            return "day_full"
    is_taken = SlotCount.take(unit.conn, office_id, starts_at, kind, day, calendar.rules.capacity[kind])
    return None if is_taken else "slot_full"


def _keep(unit: Unit, actor: Actor, known: Card, own: Any, starts_at: datetime, kind: str) -> None:
    day = clock.local(starts_at, known.office.timezone).date()
    row = {"day": day, "starts_at": starts_at, "kind": kind, "used_at": None, "off_since": None}
    about, details = f"pickup:{known.pickup_id}", {**told(starts_at, known.office.timezone), "kind": kind}
    if own is None:
        new = {"pickup_id": known.pickup_id, "office_id": known.office.id, "sequence": 0, "booked_at": unit.at}
        unit.conn.execute(_NEW, {**new, **row})
        audit.record(unit, actor, "pickup.booked", about, **details)
        unit.emit(BookingMade(known.office.id, known.pickup_id, starts_at, kind, 0))
        return
    SlotCount.free(unit.conn, own.office_id, own.starts_at, own.kind)
    sequence = own.sequence + 1
    unit.conn.execute(_MOVE, {"pickup": known.pickup_id, "sequence": sequence, **row})
    audit.record(unit, actor, "pickup.booking_moved", about, **details, before=clock.iso(own.starts_at))
    unit.emit(BookingMoved(known.office.id, known.pickup_id, starts_at, kind, sequence))


def _return_if_needless(unit: Unit, office_id: int, pickup_id: int) -> None:
    own = queries.booking_row(unit.conn, pickup_id)
    if own is None or own.used_at is not None or queries.is_collectable(unit.conn, pickup_id):
        return
    _return(unit, audit.applicant(office_id), pickup_id, "not_needed")


def _return(unit: Unit, actor: Actor, pickup_id: int, why: str) -> None:
    gone = Booking.give_back(unit.conn, pickup_id)
    zone = unit.conn.execute(_ZONE, {"office": gone.office_id}).scalar_one()
    details = {**told(gone.starts_at, zone), "because": why}
    audit.record(unit, actor, "pickup.booking_returned", f"pickup:{pickup_id}", **details)
    unit.emit(BookingReturned(gone.office_id, pickup_id, gone.starts_at, gone.kind, gone.sequence))


def _day(calendar: Calendar, starts_at: datetime) -> date:
    return starts_at.astimezone(calendar.moment.tzinfo).date()


_ZONE = select(Office.timezone).where(Office.id == bindparam("office"))
_BOOKED_WITH = (
    select(Booking.pickup_id)
    .join(Passport, Passport.pickup_id == Booking.pickup_id)
    .where(Passport.id == bindparam("passport"))
)
_NEW = insert(Booking)
_MOVE = update(Booking).where(Booking.pickup_id == bindparam("pickup"))
