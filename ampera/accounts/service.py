"""Sign-in and sign-out, accounts and API keys. Displays are in `device_service.py`.

The caller checks and hashes passwords on a thread (`passwords.py`); this module writes the outcome.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from ampera import audit
from ampera.accounts.events import AccessEnded
from ampera.accounts.models import ApiKey, SignIn, Staff
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.roles import ROLES
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.typed_text import typed

MISSES_BEFORE_LOCK = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Named:
    """The id and the name of an account or a key."""

    id: int
    name: str


@transaction
def sign_in(unit: Unit, actor: Actor, token_hash: str) -> Named:
    """A new session for this member of staff, whose password was right. Earlier misses are cleared."""
    session = SignIn(
        token_hash=token_hash, staff_id=actor.staff_id, created_at=unit.at, proved_at=unit.at, seen_at=unit.at
    )
    unit.session.add(session)
    unit.session.execute(update(Staff).where(Staff.id == actor.staff_id).values(misses=0, locked_until=None))
    unit.session.flush()
    audit.record(unit, actor, "staff.signed_in", f"staff:{actor.staff_id}")
    return Named(session.id, actor.name)


@transaction
def miss_password(unit: Unit, actor: Actor) -> None:
    """Count a wrong password. After five in a row the account is locked, each time twice as long."""
    staff = unit.session.scalars(select(Staff).where(Staff.id == actor.staff_id).with_for_update()).one()
    staff.misses += 1
    over = staff.misses - MISSES_BEFORE_LOCK
    if over >= 0:
        staff.locked_until = unit.at + min(FIRST_LOCK * 2 ** min(over, 10), LONGEST_LOCK)
    audit.record(unit, actor, "staff.sign_in_refused", f"staff:{staff.id}", misses=staff.misses)


@transaction
def prove_again(unit: Unit, actor: Actor) -> None:
    """Record that the password was typed again: the session counts as a fresh sign-in for a few minutes."""
    unit.session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(proved_at=unit.at))
    unit.session.execute(update(Staff).where(Staff.id == actor.staff_id).values(misses=0, locked_until=None))
    audit.record(unit, actor, "staff.proved", f"staff:{actor.staff_id}")


@transaction
def stay(unit: Unit, actor: Actor) -> None:
    """Record that the session is in use."""
    unit.session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(seen_at=unit.at))


@transaction
def sign_out(unit: Unit, actor: Actor) -> None:
    unit.session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(ended_at=unit.at))
    audit.record(unit, actor, "staff.signed_out", f"staff:{actor.staff_id}")
    unit.emit(AccessEnded(actor.office_id))


@transaction
def create_staff(unit: Unit, actor: Actor, login: str, name: str, role: str, password_hash: str) -> Named | Refused:
    """A new account in the actor's office. Refused: `login_taken`, `unknown_role`."""
    login = typed(login).lower()
    if role not in ROLES:
        return Refused(AccountRefusal.UNKNOWN_ROLE, 422, {"role": AccountRefusal.UNKNOWN_ROLE})
    if unit.session.scalar(select(Staff.id).where(Staff.login == login)):
        return Refused(AccountRefusal.LOGIN_TAKEN, 422, {"login": AccountRefusal.LOGIN_TAKEN})
    staff = Staff(
        office_id=actor.office_id or 0,
        login=login,
        name=name,
        role=role,
        password_hash=password_hash,
        created_at=unit.at,
    )
    unit.session.add(staff)
    unit.session.flush()
    audit.record(unit, actor, "staff.created", f"staff:{staff.id}", role=role)
    return Named(staff.id, login)


@transaction
def reset_password(unit: Unit, actor: Actor, staff_id: int, password_hash: str) -> Named | Refused:
    """A new password; every session of the account ends."""
    staff = _own(unit, actor, staff_id)
    if staff is None:
        return Refused(Refusal.NOT_FOUND, 404)
    staff.password_hash, staff.misses, staff.locked_until = password_hash, 0, None
    _end_sessions(unit, staff)
    audit.record(unit, actor, "staff.password_reset", f"staff:{staff.id}")
    unit.emit(AccessEnded(staff.office_id))
    return Named(staff.id, staff.login)


@transaction
def set_active(unit: Unit, actor: Actor, staff_id: int, is_active: bool) -> Named | Refused:
    """Disable (sessions and keys stop working at once) or enable an account."""
    staff = _own(unit, actor, staff_id)
    if staff is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if not is_active and staff.id == actor.staff_id:
        return Refused(Refusal.WRONG_STATE, 409)
    staff.is_active = is_active
    if not is_active:
        _end_sessions(unit, staff)
    audit.record(unit, actor, "staff.enabled" if is_active else "staff.disabled", f"staff:{staff.id}")
    unit.emit(AccessEnded(staff.office_id))
    return Named(staff.id, staff.login)


@transaction
def create_key(unit: Unit, actor: Actor, staff_id: int, role: str, name: str, key_hash: str) -> Named | Refused:
    """An API key that acts as this member of staff in this role."""
    if role not in ROLES:
        return Refused(AccountRefusal.UNKNOWN_ROLE, 422, {"role": AccountRefusal.UNKNOWN_ROLE})
    staff = _own(unit, actor, staff_id)
    if staff is None or not staff.is_active:
        return Refused(Refusal.NOT_FOUND, 404)
    key = ApiKey(staff_id=staff.id, role=role, name=name, key_hash=key_hash, created_at=unit.at)
    unit.session.add(key)
    unit.session.flush()
    audit.record(unit, actor, "key.created", f"key:{key.id}", role=role, staff=staff.id)
    return Named(key.id, name)


@transaction
def revoke_key(unit: Unit, actor: Actor, key_id: int) -> Named | Refused:
    key = unit.session.get(ApiKey, key_id)
    if key is None or actor.office_id not in (None, key.staff.office_id):
        return Refused(Refusal.NOT_FOUND, 404)
    key.revoked_at = key.revoked_at or unit.at
    audit.record(unit, actor, "key.revoked", f"key:{key.id}")
    unit.emit(AccessEnded(key.staff.office_id))
    return Named(key.id, key.name)


def _own(unit: Unit, actor: Actor, staff_id: int) -> Staff | None:
    """The account if it belongs to the actor's office; a command on the server reaches every office."""
    staff = unit.session.get(Staff, staff_id)
    return staff if staff and actor.office_id in (None, staff.office_id) else None


def _end_sessions(unit: Unit, staff: Staff) -> None:
    unit.session.execute(
        update(SignIn).where(SignIn.staff_id == staff.id, SignIn.ended_at.is_(None)).values(ended_at=unit.at)
    )
