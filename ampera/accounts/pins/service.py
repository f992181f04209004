"""Makes a PIN, and counts a try before it is judged, so that many at once cannot all be judged."""

from sqlalchemy import delete, or_, update

from ampera import audit
from ampera.accounts.models import SignIn
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.pins.numbers import LIVES, MOST_MISSES
from ampera.accounts.pins.writes import PinEntry, use
from ampera.audit import Actor
from ampera.db import Unit, transaction


@transaction
def make(unit: Unit, actor: Actor, device: str, pin_hash: str) -> None:
    """A new PIN of this account on this browser, until the shift is over. PINs that are over are deleted."""
    own = (DevicePin.device == device) & (DevicePin.staff_id == actor.staff_id)
    unit.session.execute(delete(DevicePin).where(or_(own, DevicePin.expires_at <= unit.at)))
    began = unit.session.get_one(SignIn, actor.sign_in_id).created_at
    unit.session.add(
        DevicePin(
            staff_id=actor.staff_id or 0,
            device=device,
            pin_hash=pin_hash,
            signed_in_at=began,
            expires_at=began + LIVES,
            tablet_id=actor.tablet.id if actor.tablet else None,
        )
    )
    audit.record(unit, actor, "staff.pin_made", f"staff:{actor.staff_id}")


@transaction
def reserve(unit: Unit, pin_id: int) -> bool:
    """Count one miss in advance. False when the PIN is over, or was missed too often."""
    works = (DevicePin.id == pin_id, DevicePin.misses < MOST_MISSES, DevicePin.expires_at > unit.at)
    counted = update(DevicePin).where(*works).values(misses=DevicePin.misses + 1)
    return unit.conn.execute(counted).rowcount == 1


@transaction
def record_miss(unit: Unit, actor: Actor) -> None:
    audit.record(unit, actor, "staff.pin_refused", f"staff:{actor.staff_id}")


@transaction
def vouch(unit: Unit, actor: Actor, pin_id: int) -> bool:
    """Record that this person's PIN was right for one act on the tablet of a colleague; the misses are forgiven.

    False when the PIN has ended meanwhile.
    """
    if use(unit, actor.staff_id or 0, PinEntry(pin_id)) is None:
        return False
    audit.record(unit, actor, "staff.vouched", f"staff:{actor.staff_id}", factor="pin")
    return True


@transaction
def remove(unit: Unit, actor: Actor, device: str) -> None:
    """The owner takes the PIN off this browser."""
    own = (DevicePin.device == device) & (DevicePin.staff_id == actor.staff_id)
    unit.session.execute(delete(DevicePin).where(own))
    audit.record(unit, actor, "staff.pin_removed", f"staff:{actor.staff_id}")


@transaction
def adopt(unit: Unit, actor: Actor, device: str) -> None:
    """PINs that were made in this browser before it became a tablet are of the tablet from now on, and end with it."""
    if actor.tablet:
        own = (DevicePin.device == device) & DevicePin.tablet_id.is_(None)
        unit.session.execute(update(DevicePin).where(own).values(tablet_id=actor.tablet.id))
