"""Reads of API keys: the actor behind one, the keys of an office, and those that somebody should look after."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from ampera import clock
from ampera.accounts.keys.limits import admits, scopes_of
from ampera.accounts.models import ApiKey, Staff
from ampera.accounts.roles import may_hold
from ampera.audit import Actor
from ampera.db import UtcDateTime
from ampera.sql.statements import TypedSelect

NEVER = datetime.min.replace(tzinfo=UTC)
IDLE = timedelta(days=90)  # a key that was not used for so long is not needed


class KeyRow(NamedTuple):
    """A key that is valid now, and its owner."""

    id: int
    role: str
    staff_id: int
    used_at: datetime | None
    scopes: str | None
    networks: str | None
    name: str
    office_id: int | None
    owner_role: str


def actor_of_key(conn: Connection, key_hash: str, address: str | None) -> Actor | None:
    """The actor of this key at this address; None when it is unknown, ended, or not meant for the address."""
    key = _KEY.first(conn, key_hash=key_hash, now=clock.now())
    if key is None or not may_hold(key.owner_role, key.role) or not admits(key.networks, address):
        return None
    return Actor(
        "key",
        key.name,
        key.role,
        key.office_id,
        staff_id=key.staff_id,
        key_id=key.id,
        seen_at=key.used_at or NEVER,
        scopes=scopes_of(key.scopes),
    )


def rights_of(session: Session, key_ids: set[int]) -> set[tuple[str, int, str, int]]:
    """Of these keys those that are still valid: `("key", id, role, office)`."""
    owned = select(ApiKey.id, ApiKey.role, Staff.office_id, Staff.role.label("owner_role")).join(Staff)
    found = session.execute(
        owned.where(ApiKey.id.in_(key_ids), ApiKey.revoked_at.is_(None), Staff.is_active, _has_not_ended())
    )
    return {("key", *row[:3]) for row in found if may_hold(row.owner_role, row.role)}


def key_named(session: Session, office_id: int, key_id: int) -> ApiKey | None:
    """The key with this id, if it belongs to the office, with its owner."""
    query = select(ApiKey).options(joinedload(ApiKey.staff)).join(Staff)
    return session.scalar(query.where(ApiKey.id == key_id, Staff.office_id == office_id))


def keys_of(session: Session, office_id: int) -> list[ApiKey]:
    query = select(ApiKey).options(joinedload(ApiKey.staff)).join(Staff).where(Staff.office_id == office_id)
    return list(session.scalars(query.order_by(ApiKey.id)))


def neglected(session: Session, at: datetime, office_id: int | None = None) -> dict[str, list[ApiKey]]:
    """Keys that somebody should look after: without an end, ended but not revoked, not used any more.

    Those of all offices, or of one.
    """
    kept = select(ApiKey).options(joinedload(ApiKey.staff)).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.id)
    if office_id is not None:
        kept = kept.join(Staff).where(Staff.office_id == office_id)
    found: dict[str, list[ApiKey]] = {"endless": [], "ended": [], "unused": []}
    for key in session.scalars(kept):
        if key.expires_at is None:
            found["endless"].append(key)
        elif key.expires_at <= at:
            found["ended"].append(key)
        elif (key.used_at or key.created_at) < at - IDLE:
            found["unused"].append(key)
    return found


def _has_not_ended() -> ColumnElement[bool]:
    return or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > clock.now())


# Built once: it runs before every request of a program.
_KEY = TypedSelect(
    KeyRow,
    select(
        ApiKey.id,
        ApiKey.role,
        ApiKey.staff_id,
        ApiKey.used_at,
        ApiKey.scopes,
        ApiKey.networks,
        Staff.name,
        Staff.office_id,
        Staff.role.label("owner_role"),
    )
    .join(Staff, Staff.id == ApiKey.staff_id)
    .where(ApiKey.key_hash == bindparam("key_hash"), ApiKey.revoked_at.is_(None), Staff.is_active)
    .where(or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > bindparam("now", type_=UtcDateTime))),
)
