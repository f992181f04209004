"""What the services of accounts share about PINs: the use of one, and their end with the access of their owner."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update

from ampera.accounts.pins.models import DevicePin
from ampera.accounts.pins.numbers import MOST_MISSES
from ampera.db import Unit


@dataclass(frozen=True)
class PinEntry:
    """A right PIN on its browser."""

    pin_id: int
    kind: str = "pin"


def use(unit: Unit, staff_id: int, entry: PinEntry) -> datetime | None:
    """Forgive the misses; returns the full sign-in that the PIN was made in. None when the PIN is over."""
    works = (
        DevicePin.id == entry.pin_id,
        DevicePin.staff_id == staff_id,
        DevicePin.expires_at > unit.at,
        DevicePin.misses <= MOST_MISSES,
    )
    used = update(DevicePin).where(*works).values(misses=0).returning(DevicePin.signed_in_at)
    return unit.conn.execute(used).scalar()


def forget_pins_of_tablet(unit: Unit, tablet_id: int) -> None:
    unit.conn.execute(delete(DevicePin).where(DevicePin.tablet_id == tablet_id))


def forget_pins(unit: Unit, staff_id: int | None) -> None:
    unit.conn.execute(delete(DevicePin).where(DevicePin.staff_id == staff_id))
