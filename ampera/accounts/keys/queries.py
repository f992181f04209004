"""Reads of API keys: the actor behind one, the keys of an office, and those that somebody should look after."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from ampera import clock
from ampera.accounts.keys.limits import admits, scopes_of
from ampera.accounts.models import ApiKey, Staff
from ampera.accounts.roles import may_hold
from ampera.audit import Actor, AuditEntry
from ampera.db import UtcDateTime
from ampera.sql.statements import TypedSelect

MADE = ("key.created", "key.rotated")
ENDED = "staff.directory_ended"
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


def makers_of(session: Session, keys: Iterable[ApiKey]) -> dict[int, Staff]:
    """Who has made each of these keys, and therefore has seen it, as the history knows. A command has no maker."""
    subjects = {f"key:{key.id}": key.id for key in keys}
    made = select(AuditEntry.subject, AuditEntry.staff_id).where(
        AuditEntry.subject.in_(subjects), AuditEntry.action.in_(MADE), AuditEntry.staff_id.is_not(None)
    )
    maker_of = {subjects[row.subject]: row.staff_id for row in session.execute(made)}
    people = {person.id: person for person in session.scalars(select(Staff).where(Staff.id.in_(maker_of.values())))}
    return {key_id: people[staff_id] for key_id, staff_id in maker_of.items()}


def made_for_others(session: Session, staff_id: int) -> list[ApiKey]:
    """Keys that this member of staff has made for somebody else and that still work: the maker may have kept them."""
    others = select(ApiKey).options(joinedload(ApiKey.staff)).where(ApiKey.staff_id != staff_id)
    valid = session.scalars(others.where(ApiKey.revoked_at.is_(None), _has_not_ended()).order_by(ApiKey.id)).all()
    makers = makers_of(session, valid)
    return [key for key in valid if key.id in makers and makers[key.id].id == staff_id]


def has_left(session: Session, person: Staff) -> bool:
    """Whether the account is disabled, or its directory has refused it since the last sign-in."""
    if not person.is_active or not person.is_of_directory:
        return not person.is_active
    news = select(AuditEntry.action, AuditEntry.details).where(
        AuditEntry.subject == f"staff:{person.id}", AuditEntry.action.in_(("staff.signed_in", ENDED))
    )
    newest = session.execute(news.order_by(AuditEntry.id.desc()).limit(1)).first()
    return newest is not None and newest.action == ENDED and json.loads(newest.details).get("why") != "logout"


def left_behind(session: Session, keys: Iterable[ApiKey]) -> dict[int, Staff]:
    """Of these keys those that still work although their maker, or the person they act for, has left; with the person.

    A key of a disabled account works no more, but one that its owner has made for somebody else does.
    """
    valid = [key for key in keys if key.staff.is_active and not key.revoked_at and _is_running(key)]
    makers = makers_of(session, valid)
    people = {person.id: person for key in valid for person in (key.staff, *filter(None, [makers.get(key.id)]))}
    gone = {person_id for person_id, person in people.items() if has_left(session, person)}
    found = {}
    for key in valid:
        maker = makers.get(key.id)
        if maker and maker.id in gone:
            found[key.id] = maker
        elif key.staff_id in gone:
            found[key.id] = key.staff
    return found


def _is_running(key: ApiKey) -> bool:
    return key.expires_at is None or key.expires_at > clock.now()


def neglected(session: Session, at: datetime, office_id: int | None = None) -> dict[str, list[ApiKey]]:
    """Keys that somebody should look after: without an end, ended but not revoked, not used any more, or left behind by
    somebody who made them or whom they act for. Those of all offices, or of one.
    """
    query = select(ApiKey).options(joinedload(ApiKey.staff)).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.id)
    if office_id is not None:
        query = query.join(Staff).where(Staff.office_id == office_id)
    kept = session.scalars(query).all()
    left = left_behind(session, kept)
    found: dict[str, list[ApiKey]] = {"left": [], "endless": [], "ended": [], "unused": []}
    for key in kept:
        if key.id in left:
            found["left"].append(key)
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
