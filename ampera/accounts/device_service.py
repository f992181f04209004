"""Displays: a screen asks with a one-time code, an administrator confirms it, renames, moves, tests and revokes it.

A stranger's knock is not audited (a page that anybody may open must not fill the history); every act of staff is.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from ampera import audit
from ampera.accounts.enrolment_codes import COLLECTED_WITHIN, LIVES, MOST, cleaned, new_code
from ampera.accounts.events import AccessEnded, DeviceChanged
from ampera.accounts.models import Device, Enrolment
from ampera.accounts.queries import FIRST_OFFICE
from ampera.accounts.refusals import AccountRefusal
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused


@dataclass(frozen=True)
class Display:
    """The wanted properties of a display: name, what is shown (a lane, a site, or with neither the whole office),
    whether the display speaks, and the volume (0-100).
    """

    name: str = ""
    lane_id: int | None = None
    site: str = ""
    speaks: bool = True
    volume: int = 80


@dataclass(frozen=True)
class IssuedCode:
    """The code that a screen shows, and the end of its validity."""

    code: str
    expires_at: datetime


@dataclass(frozen=True)
class Known:
    """The id of a display, and its name."""

    id: int
    name: str


@transaction
def request_code(unit: Unit, secret_hash: str) -> IssuedCode | Refused:
    """Issue an enrolment code to a screen without a right. Refused: too many screens wait already."""
    unit.session.execute(FIRST_OFFICE.with_for_update())  # one request after the other, else the limit would not hold
    _forget_expired(unit)
    taken = set(unit.session.scalars(select(Enrolment.code)))
    if len(taken) >= MOST:
        return Refused(Refusal.TOO_MANY_REQUESTS, 429)
    made = IssuedCode(new_code(taken), unit.at + LIVES)
    unit.session.add(Enrolment(code=made.code, secret_hash=secret_hash, made_at=unit.at, expires_at=made.expires_at))
    return made


@transaction
def confirm(unit: Unit, actor: Actor, office_id: int, typed: str, wanted: Display) -> Known | Refused:
    """The screen that shows this code becomes a display of the office. Refused: `code_unknown` (wrong, expired or
    already confirmed; the answer does not show which).
    """
    waits = (Enrolment.code == (cleaned(typed) or ""), Enrolment.confirmed_at.is_(None), Enrolment.expires_at > unit.at)
    won = unit.session.execute(
        update(Enrolment)
        .where(*waits)
        .values(
            office_id=office_id,
            confirmed_by_id=actor.staff_id,
            confirmed_at=unit.at,
            expires_at=unit.at + COLLECTED_WITHIN,
        )
        .returning(Enrolment.id)
    ).scalar_one_or_none()
    if won is None:
        audit.record(unit, actor, "device.enrol_refused", f"office:{office_id}")
        return Refused(AccountRefusal.CODE_UNKNOWN, 422, {"code": AccountRefusal.CODE_UNKNOWN})
    nobody = secrets.token_hex(32)  # no token has this hash: the screen gets its own when it asks
    device = _hang(unit, actor, office_id, wanted, nobody)
    unit.session.execute(update(Enrolment).where(Enrolment.id == won).values(device_id=device.id))
    return Known(device.id, device.name)


@transaction
def collect(unit: Unit, secret_hash: str, display_hash: str) -> int | None:
    """The confirmed screen takes its right, once: its display is known by this token from now on. Gives its id.

    None when the secret is unknown, not confirmed, used up or too late.
    """
    device_id = unit.session.execute(
        delete(Enrolment)
        .where(
            Enrolment.secret_hash == secret_hash,
            Enrolment.device_id.is_not(None),
            Enrolment.expires_at > unit.at,
        )
        .returning(Enrolment.device_id)
    ).scalar_one_or_none()
    if device_id is None:
        return None
    device = unit.session.scalars(select(Device).where(Device.id == device_id).with_for_update()).one()
    if device.revoked_at:
        return None
    device.token_hash = display_hash
    audit.record(unit, _itself(device), "device.collected", f"device:{device.id}")
    unit.emit(DeviceChanged(device.office_id, device.id))
    return device.id


@transaction
def enrol_device(
    unit: Unit,
    actor: Actor,
    office_id: int,
    lane_id: int | None,
    kind: str,
    name: str,
    token_hash: str,
    site: str = "",
) -> Known:
    """The second way: a display known by a token that is handed to it as a link."""
    device = _hang(unit, actor, office_id, Display(name, lane_id, site), token_hash, kind)
    return Known(device.id, name)


@transaction
def change_device(unit: Unit, actor: Actor, device_id: int, wanted: Display) -> Known | Refused:
    """Rename, move, make it speak or be silent. One audit row tells what differs. Refused: `not_found`."""
    device = _own(unit, actor, device_id)
    if device is None or device.revoked_at:
        return Refused(Refusal.NOT_FOUND, 404)
    before = Display(device.name, device.lane_id, device.site, device.speaks, device.volume)
    differs = {name: value for name, value in asdict(wanted).items() if value != getattr(before, name)}
    for name, value in differs.items():
        setattr(device, name, value)
    if differs:
        was = {f"{name}_before": getattr(before, name) for name in differs}
        audit.record(unit, actor, "device.changed", f"device:{device.id}", **differs, **was)
        unit.emit(DeviceChanged(device.office_id, device.id))
    if {"lane_id", "site"} & differs.keys():
        unit.emit(AccessEnded(device.office_id))  # it may no longer watch where it hung
    return Known(device.id, device.name)


@transaction
def test_device(unit: Unit, actor: Actor, device_id: int) -> Known | Refused:
    """Its screen plays the chime at once. Refused: `not_found`."""
    device = _own(unit, actor, device_id)
    if device is None or device.revoked_at:
        return Refused(Refusal.NOT_FOUND, 404)
    device.tested_at = unit.at
    audit.record(unit, actor, "device.tested", f"device:{device.id}")
    unit.emit(DeviceChanged(device.office_id, device.id))
    return Known(device.id, device.name)


@transaction
def revoke_device(unit: Unit, actor: Actor, device_id: int) -> Known | Refused:
    """Its right ends at once. Refused: `not_found`."""
    device = _own(unit, actor, device_id)
    if device is None:
        return Refused(Refusal.NOT_FOUND, 404)
    device.revoked_at = device.revoked_at or unit.at
    audit.record(unit, actor, "device.revoked", f"device:{device.id}")
    unit.emit(AccessEnded(device.office_id))
    return Known(device.id, device.name)


def _hang(unit: Unit, actor: Actor, office_id: int, wanted: Display, hashed: str, kind: str = "display") -> Device:
    device = Device(office_id=office_id, kind=kind, token_hash=hashed, created_at=unit.at, **asdict(wanted))
    unit.session.add(device)
    unit.session.flush()
    audit.record(
        unit, actor, "device.enrolled", f"device:{device.id}", kind=kind, lane=wanted.lane_id, site=wanted.site
    )
    return device


def _own(unit: Unit, actor: Actor, device_id: int) -> Device | None:
    """The display when it belongs to the actor's office; a command on the server reaches every office."""
    device = unit.session.scalar(select(Device).where(Device.id == device_id).with_for_update())
    return device if device and actor.office_id in (None, device.office_id) else None


def _itself(device: Device) -> Actor:
    return Actor("display", device.name, "display", device.office_id, device_id=device.id)


def _forget_expired(unit: Unit) -> None:
    """A display whose screen never came for its token is nobody's: its right ends with the code."""
    expired = delete(Enrolment).where(Enrolment.expires_at <= unit.at).returning(Enrolment.device_id)
    for device_id in filter(None, unit.session.scalars(expired).all()):
        device = unit.session.scalars(select(Device).where(Device.id == device_id).with_for_update()).one()
        if device.revoked_at is None:
            device.revoked_at = unit.at
            audit.record(unit, _itself(device), "device.revoked", f"device:{device.id}", why="never_collected")
