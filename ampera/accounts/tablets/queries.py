"""The tablet of a browser, and the tablets of an office with who works on them."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ampera.accounts.devices.kinds import ROLES
from ampera.accounts.models import Device, SignIn, Staff
from ampera.accounts.queries import devices_of, tablet_of, with_lanes
from ampera.audit import Tablet


class EnrolledTablet(NamedTuple):
    """A tablet that may still be used, and its office."""

    office_id: int
    tablet: Tablet


class LastUse(NamedTuple):
    """Who has signed in last, when, and when this session last did something."""

    name: str
    at: datetime
    seen_at: datetime


def tablet_with(session: Session, token_hash: str) -> EnrolledTablet | None:
    """The tablet whose cookie this is; None when the token is unknown, revoked, or of a display."""
    found = session.execute(
        with_lanes().where(Device.token_hash == token_hash, Device.kind.in_(ROLES), Device.revoked_at.is_(None))
    ).one_or_none()
    return found and EnrolledTablet(found.Device.office_id, tablet_of(found.Device, found.number))


def tablets_of(session: Session, office_id: int) -> list[dict[str, Any]]:
    """Every tablet of the office by name, those that were revoked last; each with its last use and last act."""
    pairs = [pair for pair in devices_of(session, office_id) if pair[0].kind in ROLES]
    pairs.sort(key=lambda pair: (pair[0].revoked_at is not None, pair[0].name, pair[0].id))
    used = _last_uses(session, [device.id for device, _ in pairs])
    return [
        {
            "id": device.id,
            "name": device.name,
            "kind": device.kind,
            "lane": lane,
            "enrolled_at": device.created_at,
            "revoked_at": device.revoked_at,
            "version": device.version,
            "lock_minutes": device.lock_minutes,
            "last": used.get(device.id),
        }
        for device, lane in pairs
    ]


def silent_tablets(session: Session, office_id: int, before: datetime) -> list[dict[str, Any]]:
    """The tablets that may be used and were not since this moment: perhaps they lie in a drawer, perhaps in a bag."""
    return [
        tablet
        for tablet in tablets_of(session, office_id)
        if tablet["revoked_at"] is None and _last_act(tablet) < before
    ]


def _last_act(tablet: dict[str, Any]) -> datetime:
    return tablet["last"].seen_at if tablet["last"] else tablet["enrolled_at"]


def has_tablets(session: Session) -> bool:
    """Whether any office has a tablet that may be used."""
    return session.scalar(select(func.count(Device.id)).where(Device.kind.in_(ROLES), Device.revoked_at.is_(None))) != 0


def _last_uses(session: Session, device_ids: list[int]) -> dict[int, LastUse]:
    newest = select(func.max(SignIn.id)).where(SignIn.device_id.in_(device_ids)).group_by(SignIn.device_id)
    query = select(SignIn.device_id, Staff.name, SignIn.created_at, SignIn.seen_at).join(Staff)
    rows = session.execute(query.where(SignIn.id.in_(newest)))
    return {row.device_id or 0: LastUse(row.name, row.created_at, row.seen_at) for row in rows}
