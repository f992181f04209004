"""Reads the PINs of a browser, and whose they are."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ampera import clock
from ampera.accounts.models import Staff
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.pins.numbers import MOST_MISSES
from ampera.accounts.queries import has_directory_factor, staff_actor
from ampera.audit import Actor


def pins_on(session: Session, device: str) -> list[DevicePin]:
    """The PINs that work on this browser now, by the names of their owners."""
    works = (DevicePin.device == device, DevicePin.expires_at > clock.now(), DevicePin.misses < MOST_MISSES)
    query = select(DevicePin).options(joinedload(DevicePin.staff)).join(Staff).where(*works, Staff.is_active)
    return list(session.scalars(query.order_by(Staff.name)))


def supervisors_on(session: Session, device: str, who: Actor) -> list[DevicePin]:
    """The PINs in this browser of supervisors who may decide for the officer at work: of the office, not the own."""
    return [
        pin
        for pin in pins_on(session, device)
        if pin.staff.role == "supervisor" and pin.staff.office_id == who.office_id and pin.staff_id != who.staff_id
    ]


def owner_of(session: Session, pin: DevicePin) -> Actor:
    """Whose PIN it is. The second step of the full sign-in that it was made in counts for it."""
    who = staff_actor(pin.staff)
    if not who.is_of_directory:
        return who
    return replace(who, has_factor=has_directory_factor(session, pin.staff_id, pin.signed_in_at))
