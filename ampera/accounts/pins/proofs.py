"""Judges a PIN. A try is counted before it is judged; the change of officer and decisions share the count."""

from dataclasses import dataclass

from ampera import db
from ampera.accounts import passwords
from ampera.accounts.models import Staff
from ampera.accounts.pins import service
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.pins.queries import owner_of
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.sign_in.known_devices import KnownDevice
from ampera.audit import Actor
from ampera.errors import Refused

MAX_TYPED = 12


@dataclass(frozen=True)
class Owner:
    """Whose PIN was right."""

    actor: Actor
    staff: Staff


def judge(device: KnownDevice, pin: DevicePin, typed: str) -> Owner | Refused:
    """Whose PIN this is, when it was typed right. Refused: `pin_over`, `pin_wrong`."""
    with db.reading() as reading:
        owner = owner_of(reading, pin)
    if not service.reserve(pin.id):
        return Refused(AccountRefusal.PIN_OVER, 401)
    if not _matches(device, typed[:MAX_TYPED], pin):
        service.record_miss(owner)
        return Refused(AccountRefusal.PIN_WRONG, 401)
    return Owner(owner, pin.staff)


def hashed(device: KnownDevice, typed: str) -> str:
    return db.run_in_thread(lambda: passwords.hashed(_text(device, typed)))


def _matches(device: KnownDevice, typed: str, pin: DevicePin) -> bool:
    return db.run_in_thread(lambda: passwords.matches(_text(device, typed), pin.pin_hash))


def _text(device: KnownDevice, pin: str) -> str:
    """What is hashed: with the browser's secret, which the database does not have, six digits cannot be tried out."""
    return f"{device.nonce}\x1f{pin}"
