"""Reads the PINs of a browser."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ampera import clock
from ampera.accounts.models import Staff
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.pins.numbers import MOST_MISSES


def pins_on(session: Session, device: str) -> list[DevicePin]:
    """The PINs that work on this browser now, by the names of their owners."""
    works = (DevicePin.device == device, DevicePin.expires_at > clock.now(), DevicePin.misses < MOST_MISSES)
    query = select(DevicePin).options(joinedload(DevicePin.staff)).join(Staff).where(*works, Staff.is_active)
    return list(session.scalars(query.order_by(Staff.name)))
