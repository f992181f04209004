"""What an applicant can do with a slot: book it, move to another slot, return it. Each is one transaction.

One conditional statement counts the place. A move takes the new place before it frees the old one.
"""

from datetime import date, datetime

from sqlalchemy import bindparam, insert, select, update

from ampera import audit, clock, events
from ampera.audit import Actor
from ampera.bookings import queries
from ampera.bookings.events import BookingMade, BookingMoved, BookingRequested, BookingReturned
from ampera.bookings.models import Booking, SlotCount
from ampera.bookings.queries import BookingRow
from ampera.bookings.refusals import BookingRefusal
from ampera.bookings.slots import SlotCalendar, audit_details
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.models import Office
from ampera.passports.events import BookChanged
from ampera.passports.models import Passport
from ampera.pickups import stages
from ampera.pickups.events import PickupChanged
from ampera.pickups.queries import Card, card


@transaction
def book(unit: Unit, actor: Actor, pickup_id: int, starts_at: datetime, kind: str) -> datetime | Refused:
    """Book the slot that begins at `starts_at` in place of the pickup's earlier booking; returns `starts_at`.

    A refusal changes nothing. Refused: `not_found`, `slots_off`, `not_needed` (no book is ready), `already_here`,
    `slot_over`, `slot_unknown`, `slot_after_deadline`, `slot_full`, `day_full`.
    """
    found = card(unit.session, pickup_id, actor.office_id)
    if found is None:
        return Refused(Refusal.NOT_FOUND, 404)
    calendar = queries.calendar_of(unit.session, found.office, unit.at, found.deadline)
    own = queries.booking_row(unit.conn, pickup_id)
    if own is not None and own.is_in(starts_at, kind) and own.used_at is None:
        return starts_at
    refusal = _refusal(unit, found, calendar, starts_at, kind)
    if why := refusal or _take(unit, calendar, found.office.id, own, starts_at, kind):
        audit.record(unit, actor, "pickup.booking_refused", f"pickup:{pickup_id}", why=why)
        return Refused(why, 409)
    _store(unit, actor, found, own, starts_at, kind)
    return starts_at


@transaction
def give_back(unit: Unit, actor: Actor, pickup_id: int) -> bool:
    """Delete the booking of the pickup and free its place; False when there is none."""
    own = queries.booking_row(unit.conn, pickup_id)
    if own is None or own.office_id != actor.office_id:
        return False
    _return(unit, actor, pickup_id, "withdrawn")
    return True


@events.during(BookChanged)
def book_changed(unit: Unit, happened: BookChanged) -> None:
    """A booking without a collectable book is returned."""
    pickup_id = unit.conn.execute(_BOOKED_WITH, {"passport": happened.passport_id}).scalar()
    if pickup_id is not None:
        _return_if_needless(unit, happened.office_id, pickup_id)


@events.during(PickupChanged)
def pickup_changed(unit: Unit, happened: PickupChanged) -> None:
    """The books of a pickup may have moved to another group."""
    _return_if_needless(unit, happened.office_id, happened.pickup_id)


def _refusal(unit: Unit, found: Card, calendar: SlotCalendar, starts_at: datetime, kind: str) -> str | None:
    if not calendar.rules.is_on:
        return BookingRefusal.SLOTS_OFF
    if found.stage(found.current.state if found.current else "revoked") != stages.READY:
        return BookingRefusal.NOT_NEEDED
    requested = BookingRequested(found.office.id, found.pickup_id)
    unit.emit(requested)
    return next(iter(requested.objections), None) or calendar.refusal(starts_at, kind)


def _take(
    unit: Unit, calendar: SlotCalendar, office_id: int, own: BookingRow | None, starts_at: datetime, kind: str
) -> str | None:
    """Count the new place, or return the error code. On a full day the pickup's old place counts as free."""
    day = _day(calendar, starts_at)
    limit = calendar.places(day)
    if limit is not None:
        freed = own is not None and own.day == day
        if queries.booked_on(unit.conn, office_id, day) - freed >= limit:
            return BookingRefusal.DAY_FULL
    is_taken = SlotCount.take(unit.conn, office_id, starts_at, kind, day, calendar.rules.capacity[kind])
    return None if is_taken else BookingRefusal.SLOT_FULL


def _store(unit: Unit, actor: Actor, found: Card, own: BookingRow | None, starts_at: datetime, kind: str) -> None:
    day = clock.local(starts_at, found.office.timezone).date()
    row = {"day": day, "starts_at": starts_at, "kind": kind, "used_at": None, "off_since": None}
    about, details = f"pickup:{found.pickup_id}", {**audit_details(starts_at, found.office.timezone), "kind": kind}
    if own is None:
        new = {"pickup_id": found.pickup_id, "office_id": found.office.id, "sequence": 0, "booked_at": unit.at}
        unit.conn.execute(_NEW, {**new, **row})
        audit.record(unit, actor, "pickup.booked", about, **details)
        unit.emit(BookingMade(found.office.id, found.pickup_id, starts_at, kind, 0))
        return
    SlotCount.free(unit.conn, own.office_id, own.starts_at, own.kind)
    sequence = own.sequence + 1
    unit.conn.execute(_MOVE, {"pickup": found.pickup_id, "sequence": sequence, **row})
    audit.record(unit, actor, "pickup.booking_moved", about, **details, before=clock.iso(own.starts_at))
    unit.emit(BookingMoved(found.office.id, found.pickup_id, starts_at, kind, sequence))


def _return_if_needless(unit: Unit, office_id: int, pickup_id: int) -> None:
    own = queries.booking_row(unit.conn, pickup_id)
    if own is None or own.used_at is not None or queries.is_collectable(unit.conn, pickup_id):
        return
    _return(unit, audit.applicant(office_id), pickup_id, BookingRefusal.NOT_NEEDED)


def _return(unit: Unit, actor: Actor, pickup_id: int, why: str) -> None:
    freed = Booking.give_back(unit.conn, pickup_id)
    if freed is None:
        return
    zone = unit.conn.execute(_ZONE, {"office": freed.office_id}).scalar_one()
    details = {**audit_details(freed.starts_at, zone), "because": why}
    audit.record(unit, actor, "pickup.booking_returned", f"pickup:{pickup_id}", **details)
    unit.emit(BookingReturned(freed.office_id, pickup_id, freed.starts_at, freed.kind, freed.sequence))


def _day(calendar: SlotCalendar, starts_at: datetime) -> date:
    return starts_at.astimezone(calendar.moment.tzinfo).date()


_ZONE = select(Office.timezone).where(Office.id == bindparam("office"))
_BOOKED_WITH = (
    select(Booking.pickup_id)
    .join(Passport, Passport.pickup_id == Booking.pickup_id)
    .where(Passport.id == bindparam("passport"))
)
_NEW = insert(Booking)
_MOVE = update(Booking).where(Booking.pickup_id == bindparam("pickup"))
