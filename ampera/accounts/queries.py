"""Finds the actor of a token, and which actors may still listen to live news."""

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, Select, String, column, func, select, table
from sqlalchemy.orm import Session, joinedload

from ampera import clock
from ampera.accounts.keys.queries import actor_of_key, rights_of
from ampera.accounts.models import AccountNotice, Device, Enrolment, SignIn, Staff
from ampera.audit import Actor, AuditEntry, Tablet
from ampera.typed_text import typed

IDLE = timedelta(hours=4)
LONGEST = timedelta(hours=14)
LATE_LOCK = timedelta(minutes=2)  # after which the server locks a tablet whose page could not
DIRECTORY = "oidc"  # the kind of a second factor that a directory has asked for
PIN = "pin"  # the kind of a sign-in on a tablet that began earlier
DISPLAY = "display"  # the kind of a device that nobody signs in on
REFUSED_SIGN_INS = ("staff.sign_in_refused", "staff.factor_refused", "staff.pin_refused")


class EarlierSignIn(NamedTuple):
    """When the account last signed in before now, and how often somebody has tried in vain since then."""

    at: datetime | None
    refused: int


# The offices slice is to the right of this one, so only its keys are named here, not its models.
_OFFICES = table(
    "offices", column("id", Integer), column("code", String), column("name", String), column("timezone", String)
)
_LANES = table(
    "lanes", column("id", Integer), column("office_id", Integer), column("number", Integer), column("site", String)
)
FIRST_OFFICE = select(_OFFICES.c.id).order_by(_OFFICES.c.id).limit(1)  # locked while a screen requests a code


def actor_of_sign_in(session: Session, token_hash: str, tablet_hash: str = "") -> Actor | None:
    """The member of staff behind a session cookie; None if it ended, was idle for hours, or the account is disabled.

    A session that began on an enrolled tablet is of this tablet alone: None with the `tablet_hash` of another browser.
    """
    row = session.execute(
        select(SignIn, Device, _LANES.c.number)
        .options(joinedload(SignIn.staff))
        .outerjoin(Device, Device.id == SignIn.device_id)
        .outerjoin(_LANES, _LANES.c.id == Device.lane_id)
        .where(SignIn.token_hash == token_hash, is_alive())
    ).one_or_none()
    if row is None or not row.SignIn.staff.is_active:
        return None
    found, device = row.SignIn, row.Device
    who = staff_actor(found.staff)
    if device and (device.revoked_at or not hmac.compare_digest(device.token_hash, tablet_hash)):
        return None
    if device and device.lock_minutes and _is_idle(found, device.lock_minutes):
        return None
    return replace(
        who, sign_in_id=found.id, proved_at=found.proved_at, seen_at=found.seen_at,
        tablet=tablet_of(device, row.number) if device else None,
        has_factor=who.has_factor or (who.is_of_directory and _has_directory_factor(session, found)),
    )  # fmt: skip


def _is_idle(found: SignIn, lock_minutes: int) -> bool:
    return clock.now() - found.seen_at > LATE_LOCK + timedelta(minutes=lock_minutes)


def _has_directory_factor(session: Session, found: SignIn) -> bool:
    return found.factor is not None and has_directory_factor(session, found.staff_id, found.created_at)


def has_directory_factor(session: Session, staff_id: int, began: datetime) -> bool:
    """Whether the directory has asked for a second factor in the full sign-in of this time.

    A session by PIN began with the full sign-in that the PIN was made in: both have the same time.
    """
    full = select(SignIn.id).where(SignIn.staff_id == staff_id, SignIn.created_at == began)
    return session.scalar(full.where(SignIn.factor == DIRECTORY).limit(1)) is not None


def tablet_of(device: Device, lane: int | None) -> Tablet:
    return Tablet(device.id, device.name, device.kind, lane, device.lock_minutes)


def staff_actor(staff: Staff) -> Actor:
    """The member of staff as an actor outside of any session."""
    return Actor(
        "staff", staff.name, staff.role, staff.office_id,
        staff_id=staff.id, must_change=staff.must_change, has_factor=staff.has_factor,
        is_of_directory=staff.is_of_directory,
    )  # fmt: skip


def actor_of_bearer(conn: Connection, token_hash: str, address: str | None) -> Actor | None:
    """The key's or display's actor; None when unknown, revoked, or not meant for this address."""
    if key := actor_of_key(conn, token_hash, address):
        return key
    with Session(conn) as session:
        return actor_of_device(session, token_hash)


def actor_of_device(session: Session, token_hash: str) -> Actor | None:
    """The display with this token. A tablet acts for nobody: only who has signed in on it does."""
    displays = select(Device).where(Device.token_hash == token_hash, Device.kind == DISPLAY)
    device = session.scalar(displays.where(Device.revoked_at.is_(None)))
    return None if device is None else _display(device)


def display_wherever(actor: Actor) -> Actor:
    """The same display without its place: an access that survives a move of the display."""
    return replace(actor, lane_id=None, site=None)


def enrolment_state(session: Session, secret_hash: str) -> str | None:
    """`waiting` for an administrator, `confirmed`, or None: unknown, used up, expired."""
    query = select(Enrolment.device_id).where(Enrolment.secret_hash == secret_hash, Enrolment.expires_at > clock.now())
    found = session.execute(query).one_or_none()
    return found and ("confirmed" if found.device_id else "waiting")


def still_valid(session: Session, actors: set[Actor]) -> set[Actor]:
    """The `actors` whose sign-in, key or device is still valid, in the same role and office.

    A device must also be in the same place. An actor with another role has other rights: it must ask for them.
    """
    rights: set[tuple[str, int, str, int]] = set()
    sign_ins, keys = ({getattr(actor, name) for actor in actors} - {None} for name in ("sign_in_id", "key_id"))
    if sign_ins:
        query = select(SignIn.id, Staff.role, Staff.office_id).join(Staff, Staff.id == SignIn.staff_id)
        rows = session.execute(query.where(SignIn.id.in_(sign_ins), is_alive(), Staff.is_active))
        rights |= {("staff", *row) for row in rows}
    if keys:
        rights |= rights_of(session, keys)
    staff = {actor for actor in actors if _right(actor) in rights}
    return staff | _displays_in_place(session, actors)


def staff_named(session: Session, login: str) -> Staff | None:
    return session.scalar(select(Staff).where(Staff.login == typed(login).lower()))


def staff_of(session: Session, office_id: int) -> list[Staff]:
    return list(session.scalars(select(Staff).where(Staff.office_id == office_id).order_by(Staff.name)))


def staff_member(session: Session, office_id: int, staff_id: int) -> Staff | None:
    """The account with this id, if it belongs to the office."""
    return session.scalar(select(Staff).where(Staff.id == staff_id, Staff.office_id == office_id))


def sessions_of(session: Session, staff_id: int) -> list[SignIn]:
    """The sessions of the account that are not over, newest first."""
    query = select(SignIn).where(SignIn.staff_id == staff_id, is_alive())
    return list(session.scalars(query.order_by(SignIn.id.desc())))


def sign_in_before(session: Session, actor: Actor) -> EarlierSignIn:
    """The sign-in before this session, and the refused ones since then. None: this session is the first."""
    earlier = select(SignIn.created_at).where(SignIn.staff_id == actor.staff_id, SignIn.id < (actor.sign_in_id or 0))
    at = session.scalar(earlier.order_by(SignIn.id.desc()).limit(1))
    refused = select(func.count(AuditEntry.id)).where(
        AuditEntry.subject == f"staff:{actor.staff_id}", AuditEntry.action.in_(REFUSED_SIGN_INS)
    )
    if at is not None:
        refused = refused.where(AuditEntry.at > at)
    return EarlierSignIn(at, session.scalar(refused) or 0)


def began_whole_since(session: Session, sign_in_id: int, since: datetime) -> bool:
    """Whether this session began after this moment, with a second factor that is not the PIN of a tablet."""
    whole = (SignIn.created_at > since, SignIn.factor.is_not(None), SignIn.factor != PIN)
    return session.scalar(select(SignIn.id).where(SignIn.id == sign_in_id, *whole)) is not None


def last_sign_ins(session: Session, office_id: int) -> dict[int, datetime]:
    """When each account of the office last signed in, by its id."""
    query = select(SignIn.staff_id, func.max(SignIn.created_at).label("at")).join(Staff)
    rows = session.execute(query.where(Staff.office_id == office_id).group_by(SignIn.staff_id))
    return {row.staff_id: row.at for row in rows}


def notices_of(session: Session, staff_id: int, limit: int = 30) -> list[AccountNotice]:
    """What was done to accounts that this member of staff must know, newest first."""
    query = select(AccountNotice).options(joinedload(AccountNotice.about)).where(AccountNotice.staff_id == staff_id)
    return list(session.scalars(query.order_by(AccountNotice.id.desc()).limit(limit)))


def unread_notices(session: Session, staff_id: int) -> int:
    query = select(func.count(AccountNotice.id))
    return session.scalar(query.where(AccountNotice.staff_id == staff_id, AccountNotice.read_at.is_(None))) or 0


def devices_of(session: Session, office_id: int) -> list[tuple[Device, int | None]]:
    """The office's displays and tablets, each with the number of its lane."""
    return [(row.Device, row.number) for row in session.execute(with_lanes().where(Device.office_id == office_id))]


def with_lanes() -> Select[tuple[Device, int | None]]:
    """Devices, each with the `number` of its lane."""
    return select(Device, _LANES.c.number).outerjoin(_LANES, _LANES.c.id == Device.lane_id)


def displays_of(session: Session, office_id: int) -> list[tuple[Device, int | None]]:
    """The office's displays, each with the number of its lane."""
    return [pair for pair in devices_of(session, office_id) if pair[0].kind == DISPLAY]


def office_of(session: Session, office_id: int) -> Any:
    """`id`, `code` and `name` of an office that exists."""
    return session.execute(select(_OFFICES).where(_OFFICES.c.id == office_id)).one()


def sites_keyed(session: Session, office_id: int) -> set[str]:
    """The names of the office's sites."""
    return set(session.scalars(select(_LANES.c.site).where(_LANES.c.office_id == office_id, _LANES.c.site != "")))


def lanes_keyed(session: Session, office_id: int) -> list[int]:
    """The numbers of the office's lanes."""
    numbers = select(_LANES.c.number).where(_LANES.c.office_id == office_id)
    return list(session.scalars(numbers.order_by(_LANES.c.number)))


def lane_keyed(session: Session, office_id: int, number: int) -> int | None:
    """The id of a lane by its number."""
    return session.scalar(select(_LANES.c.id).where(_LANES.c.office_id == office_id, _LANES.c.number == number))


def _right(actor: Actor) -> tuple[str, int | None, str, int | None]:
    return actor.kind, actor.sign_in_id or actor.key_id, actor.role, actor.office_id


def _display(device: Device) -> Actor:
    return Actor(
        DISPLAY,
        device.name,
        DISPLAY,
        device.office_id,
        device_id=device.id,
        lane_id=device.lane_id,
        site=device.site,
    )


def _displays_in_place(session: Session, actors: set[Actor]) -> set[Actor]:
    ids = {actor.device_id for actor in actors} - {None}
    if not ids:
        return set()
    query = select(Device.id, Device.lane_id, Device.site).where(Device.id.in_(ids), Device.revoked_at.is_(None))
    rows = session.execute(query).all()
    rights = {(row.id, row.lane_id, row.site) for row in rows} | {(row.id, None, None) for row in rows}
    return {actor for actor in actors if (actor.device_id, actor.lane_id, actor.site) in rights}


def is_alive() -> ColumnElement[bool]:
    now = clock.now()
    return (SignIn.ended_at.is_(None)) & (SignIn.seen_at > now - IDLE) & (SignIn.created_at > now - LONGEST)
