"""Displays and tablets: each shows a one-time code, an administrator confirms it, and later changes or revokes it.

A request for a code is not audited: anybody may open that page, and strangers must not fill the history. Every act of
staff is audited.
"""

import secrets
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, func, select, update

from ampera import audit
from ampera.accounts.devices.enrolment_codes import COLLECTED_WITHIN, LIVES, MOST, MOST_OF_A_NETWORK, cleaned, new_code
from ampera.accounts.events import AccessEnded, DeviceChanged
from ampera.accounts.models import Device, Enrolment, SignIn
from ampera.accounts.pins.writes import forget_pins_of_tablet
from ampera.accounts.queries import DISPLAY, FIRST_OFFICE
from ampera.accounts.refusals import AccountRefusal
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused


@dataclass(frozen=True)
class Display:
    """The settings of a display: its name, what it shows (a lane, a site, or the whole office), and its voice.

    `volume` is 0 to 100.
    """

    kind: ClassVar[str] = DISPLAY
    name: str = ""
    lane_id: int | None = None
    site: str = ""
    speaks: bool = True
    volume: int = 80


@dataclass(frozen=True)
class WorkTablet:
    """The settings of a tablet: what it is for (`devices/kinds.py`), its name, and its lane if it stays at one.

    It locks after `lock_minutes` without a touch; 0 is never.
    """

    kind: str
    name: str
    lane_id: int | None = None
    lock_minutes: int = 5


Wanted = Display | WorkTablet


@dataclass(frozen=True)
class EnrolmentCode:
    """The code that a screen or tablet shows, and when the code expires."""

    code: str
    expires_at: datetime


@dataclass(frozen=True)
class NamedDevice:
    """The id of a display or tablet, and its name."""

    id: int
    name: str


@transaction
def request_enrolment(unit: Unit, secret_hash: str, network: str) -> EnrolmentCode | Refused:
    """Give a screen or tablet without access a code to show.

    Refused: `too_many_requests` when MOST_OF_A_NETWORK of this network wait. When MOST wait in all, the network with
    the most codes loses its oldest one.
    """
    unit.session.execute(FIRST_OFFICE.with_for_update())  # one request at a time: two could both take the last code
    _forget_expired(unit)
    taken = list(unit.session.execute(select(Enrolment.code, Enrolment.network)))
    held = Counter(row.network for row in taken)
    if held[network] >= MOST_OF_A_NETWORK or (len(taken) >= MOST and not _make_room(unit)):
        return Refused(Refusal.TOO_MANY_REQUESTS, 429)
    made = EnrolmentCode(new_code({row.code for row in taken}), unit.at + LIVES)
    unit.session.add(
        Enrolment(code=made.code, secret_hash=secret_hash, network=network, made_at=unit.at, expires_at=made.expires_at)
    )
    return made


@transaction
def confirm(unit: Unit, actor: Actor, office_id: int, typed: str, wanted: Wanted) -> NamedDevice | Refused:
    """Make the screen or tablet that shows this code a device of the office.

    Refused: `code_unknown` for a code that is wrong, expired or confirmed; the answer does not reveal which.
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
    nobody = secrets.token_hex(32)  # no token has this hash: the device gets its own token in `collect`
    device = _add_device(unit, actor, office_id, wanted, nobody)
    unit.session.execute(update(Enrolment).where(Enrolment.id == won).values(device_id=device.id))
    return NamedDevice(device.id, device.name)


@transaction
def collect(unit: Unit, secret_hash: str, device_hash: str) -> str | None:
    """Give the confirmed device its token, once; returns the kind of the device.

    None when the secret is unknown, not confirmed, used or expired.
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
    device.token_hash = device_hash
    audit.record(unit, _device_actor(device), "device.collected", f"device:{device.id}")
    unit.emit(DeviceChanged(device.office_id, device.id))
    return device.kind


@transaction
def enrol_device(unit: Unit, actor: Actor, office_id: int, wanted: Wanted, token_hash: str) -> NamedDevice:
    """Enrol without a code: the display gets its token in a link."""
    device = _add_device(unit, actor, office_id, wanted, token_hash)
    return NamedDevice(device.id, device.name)


@transaction
def change_device(unit: Unit, actor: Actor, device_id: int, wanted: Wanted) -> NamedDevice | Refused:
    """Change name, place, and voice or use; one audit row holds the differences. Refused: `not_found`.

    People who work on a tablet sign in again after its use has changed.
    """
    device = _own(unit, actor, device_id)
    if device is None or device.revoked_at or (device.kind == DISPLAY) != (wanted.kind == DISPLAY):
        return Refused(Refusal.NOT_FOUND, 404)
    differs = {name: value for name, value in asdict(wanted).items() if value != getattr(device, name)}
    was = {f"{name}_before": getattr(device, name) for name in differs}
    for name, value in differs.items():
        setattr(device, name, value)
    if differs:
        audit.record(unit, actor, "device.changed", f"device:{device.id}", **differs, **was)
        unit.emit(DeviceChanged(device.office_id, device.id))
    if "kind" in differs:
        _end_sessions(unit, device)
    if {"lane_id", "site"} & differs.keys():
        unit.emit(AccessEnded(device.office_id))  # the display may no longer watch its old place
    return NamedDevice(device.id, device.name)


@transaction
def test_device(unit: Unit, actor: Actor, device_id: int) -> NamedDevice | Refused:
    """Play the chime on the screen at once. Refused: `not_found`."""
    device = _own(unit, actor, device_id)
    if device is None or device.revoked_at or device.kind != DISPLAY:
        return Refused(Refusal.NOT_FOUND, 404)
    device.tested_at = unit.at
    audit.record(unit, actor, "device.tested", f"device:{device.id}")
    unit.emit(DeviceChanged(device.office_id, device.id))
    return NamedDevice(device.id, device.name)


@transaction
def revoke_device(unit: Unit, actor: Actor, device_id: int) -> NamedDevice | Refused:
    """End the access of a device at once: of a tablet its sessions and PINs, too. Refused: `not_found`."""
    device = _own(unit, actor, device_id)
    if device is None:
        return Refused(Refusal.NOT_FOUND, 404)
    device.revoked_at = device.revoked_at or unit.at
    audit.record(unit, actor, "device.revoked", f"device:{device.id}")
    _end_sessions(unit, device)
    forget_pins_of_tablet(unit, device.id)
    return NamedDevice(device.id, device.name)


def _add_device(unit: Unit, actor: Actor, office_id: int, wanted: Wanted, token_hash: str) -> Device:
    columns: dict[str, Any] = {"kind": wanted.kind, **asdict(wanted)}
    device = Device(office_id=office_id, token_hash=token_hash, created_at=unit.at, **columns)
    unit.session.add(device)
    unit.session.flush()
    audit.record(
        unit, actor, "device.enrolled", f"device:{device.id}", kind=wanted.kind, lane=wanted.lane_id, site=device.site
    )
    return device


def _end_sessions(unit: Unit, device: Device) -> None:
    """Sign everybody out who works on this device, and end what it may watch."""
    running = update(SignIn).where(SignIn.device_id == device.id, SignIn.ended_at.is_(None))
    unit.session.execute(running.values(ended_at=unit.at))
    unit.emit(AccessEnded(device.office_id))


def _own(unit: Unit, actor: Actor, device_id: int) -> Device | None:
    """The device if it belongs to the actor's office; a command on the server reaches every office."""
    device = unit.session.scalar(select(Device).where(Device.id == device_id).with_for_update())
    return device if device and actor.office_id in (None, device.office_id) else None


def _device_actor(device: Device) -> Actor:
    kind = DISPLAY if device.kind == DISPLAY else "tablet"
    return Actor(kind, device.name, kind, device.office_id, device_id=device.id)


def _make_room(unit: Unit) -> bool:
    """Delete the oldest code of the network with the most codes that nobody has confirmed. False: there is none.

    A screen whose network holds few codes keeps its own, however many a stranger requests.
    """
    greedy = (
        select(Enrolment.network)
        .where(Enrolment.confirmed_at.is_(None))
        .group_by(Enrolment.network)
        .order_by(func.count().desc(), func.min(Enrolment.id))
        .limit(1)
    ).scalar_subquery()
    waits = (Enrolment.network == greedy, Enrolment.confirmed_at.is_(None))
    oldest = unit.session.scalar(select(Enrolment.id).where(*waits).order_by(Enrolment.id).limit(1))
    # The condition is checked again: an administrator may have confirmed the code in the meantime.
    gone = delete(Enrolment).where(Enrolment.id == oldest, Enrolment.confirmed_at.is_(None)).returning(Enrolment.id)
    return unit.session.scalar(gone) is not None


def _forget_expired(unit: Unit) -> None:
    """Delete expired codes. A display whose screen never collected its token is revoked with its code."""
    expired = delete(Enrolment).where(Enrolment.expires_at <= unit.at).returning(Enrolment.device_id)
    for device_id in filter(None, unit.session.scalars(expired).all()):
        device = unit.session.scalars(select(Device).where(Device.id == device_id).with_for_update()).one()
        if device.revoked_at is None:
            device.revoked_at = unit.at
            audit.record(unit, _device_actor(device), "device.revoked", f"device:{device.id}", why="never_collected")
