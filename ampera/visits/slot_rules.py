"""Booked slots at the lane: which vehicles come in their slot, which need one first, and which slots become free.

This costs a scan one statement by primary key, and only for a new vehicle of an office that offers slots.
"""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import bindparam, select, update

from ampera import audit, clock, events
from ampera.audit import Actor
from ampera.bookings.events import BookingRequested, BookingReturned
from ampera.bookings.models import Booking
from ampera.bookings.queries import BookingRow, booking_row
from ampera.bookings.slots import audit_details, rules_of
from ampera.db import Unit
from ampera.offices.options.defaults import option
from ampera.visits import states
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.refusals import VisitRefusal
from ampera.visits.rows import Options, VisitRow


class OfficeOptions(Protocol):
    """A lane or an office: its options and its time zone."""

    @property
    def options(self) -> Options: ...
    @property
    def timezone(self) -> str: ...


def booking_of(unit: Unit, options: Options, pickup_id: int) -> BookingRow | None:
    """The booking of a pickup that is scanned; None without one, or in an office that offers no slots."""
    return booking_row(unit.conn, pickup_id) if option(options, "slots") else None


def current_slot(booking: BookingRow | None, options: Options, at: datetime) -> datetime | None:
    """The beginning of the booked slot, if a vehicle that comes at `at` is within its tolerance."""
    if booking is None or not rules_of(options).is_current(booking.starts_at, at):
        return None
    return booking.starts_at


def missing(booking: BookingRow | None, options: Options, at: datetime, priority: str | None) -> dict[str, Any] | None:
    """Facts for the verdict when this vehicle must book a slot first. A vehicle with priority needs none."""
    if priority or not rules_of(options).is_required or current_slot(booking, options, at):
        return None
    if booking is None or booking.starts_at <= at:
        return {"reason": "slot"}
    return {"reason": "slot", "booked_for": clock.iso(booking.starts_at)}


def settle(unit: Unit, actor: Actor, booking: BookingRow | None, office: OfficeOptions) -> None:
    """Mark the slot of a vehicle that has entered as used, or free it when the vehicle came before its slot."""
    if booking is None or booking.used_at is not None:
        return
    if current_slot(booking, office.options, unit.at):
        Booking.use(unit.conn, booking.pickup_id, unit.at)
    elif booking.starts_at > unit.at and (freed := Booking.give_back(unit.conn, booking.pickup_id)):
        details = {**audit_details(freed.starts_at, office.timezone), "because": "came_early"}
        audit.record(unit, actor, "pickup.booking_returned", f"pickup:{booking.pickup_id}", **details)
        unit.emit(BookingReturned(freed.office_id, booking.pickup_id, freed.starts_at, freed.kind, freed.sequence))


def extend_to_vehicle(unit: Unit, visit_id: int, booked_for: datetime | None) -> None:
    """A code that comes in its slot brings the whole waiting vehicle into that slot."""
    if booked_for is not None:
        unit.conn.execute(_BOOKED, {"visit": visit_id, "booked_for": booked_for})


def still_booked(visit: VisitRow, at: datetime) -> datetime | None:
    """The slot of a vehicle that comes back, while the slot lasts. Later the vehicle waits without a slot."""
    start = visit.booked_for
    return start if start and rules_of(visit.options).is_current(start, at) else None


@events.during(BookingRequested)
def object_when_here(unit: Unit, asked: BookingRequested) -> None:
    """A vehicle that has entered cannot book a slot."""
    if unit.conn.execute(_HERE, {"pickup": asked.pickup_id}).first():
        asked.objections.append(VisitRefusal.ALREADY_HERE)


_HERE = select(VisitPickup.visit_id).where(VisitPickup.pickup_id == bindparam("pickup"), VisitPickup.is_open)
_BOOKED = update(Visit).where(Visit.id == bindparam("visit"), Visit.booked_for.is_(None), Visit.state == states.WAITING)
