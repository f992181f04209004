"""Booked windows at the lane: who comes in theirs, who needs one first, and what becomes of the place.

A scan pays one statement by primary key for it, and only a new vehicle of an office that books windows.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from ampera import audit, clock, events
from ampera.audit import Actor
from ampera.bookings.events import BookingRequested, BookingReturned
from ampera.bookings.models import Booking
from ampera.bookings.queries import booking_row
from ampera.bookings.slots import audit_details, rules_of
from ampera.db import Unit
from ampera.offices.options.defaults import option
from ampera.visits import states
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.refusals import VisitRefusal


def booking_of(unit: Unit, options: dict[str, Any], pickup_id: int) -> Any:
    """The booking of a pickup that is scanned, or None."""
    return booking_row(unit.conn, pickup_id) if option(options, "slots") else None


def window_now(booking: Any, options: dict[str, Any], at: datetime) -> datetime | None:
    """The beginning of its window when the vehicle is in it at this moment."""
    if booking is None or not rules_of(options).is_current(booking.starts_at, at):
        return None
    return booking.starts_at


def missing(booking: Any, options: dict[str, Any], at: datetime, priority: str | None) -> dict[str, Any] | None:
    """Facts for the verdict when this vehicle has to book a window first; a reason for priority lets it in."""
    if priority or not rules_of(options).is_required or window_now(booking, options, at):
        return None
    is_ahead = booking is not None and booking.starts_at > at
    return {"reason": "slot", **({"booked_for": clock.iso(booking.starts_at)} if is_ahead else {})}


def settle(unit: Unit, actor: Actor, booking: Any, office: Any) -> None:
    """The vehicle is here: its window is used, or, when that is still ahead, free for somebody else.

    `office` has its `options` and `timezone`.
    """
    if booking is None or booking.used_at is not None:
        return
    if window_now(booking, office.options, unit.at):
        Booking.use(unit.conn, booking.pickup_id, unit.at)
    elif booking.starts_at > unit.at and (freed := Booking.give_back(unit.conn, booking.pickup_id)):
        details = {**audit_details(freed.starts_at, office.timezone), "because": "came_early"}
        audit.record(unit, actor, "pickup.booking_returned", f"pickup:{booking.pickup_id}", **details)
        unit.emit(BookingReturned(freed.office_id, booking.pickup_id, freed.starts_at, freed.kind, freed.sequence))


def goes_with(unit: Unit, visit_id: int, booked_for: datetime | None) -> None:
    """One more code came into a waiting car: with a booked one the whole car is in its window."""
    if booked_for is not None:
        unit.conn.execute(_BOOKED, {"visit": visit_id, "booked_for": booked_for})


def still_booked(visit: Any, at: datetime) -> datetime | None:
    """The window of a vehicle that comes back, while it lasts; after it the vehicle waits as everybody else."""
    start: datetime | None = visit.booked_for
    return start if start and rules_of(visit.options).is_current(start, at) else None


@events.during(BookingRequested)
def object_when_here(unit: Any, asked: BookingRequested) -> None:
    """A vehicle in the line needs no window any more."""
    if unit.conn.execute(_HERE, {"pickup": asked.pickup_id}).first():
        asked.objections.append(VisitRefusal.ALREADY_HERE)


_HERE = select(VisitPickup.visit_id).where(VisitPickup.pickup_id == bindparam("pickup"), VisitPickup.is_open)
_BOOKED = update(Visit).where(Visit.id == bindparam("visit"), Visit.booked_for.is_(None), Visit.state == states.WAITING)
