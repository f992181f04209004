"""Sign-in and sign-out, and accounts. `own_service.py` has the own account, `devices/` screens, `keys/` API keys.

The caller checks and hashes passwords on a thread (`passwords.py`); this module writes the outcome.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from ampera import audit
from ampera.accounts.events import AccessEnded
from ampera.accounts.factors import writes as factors_writes
from ampera.accounts.factors.writes import Factor
from ampera.accounts.keys.queries import made_for_others
from ampera.accounts.models import ApiKey, Device, SignIn, Staff
from ampera.accounts.pins import writes as pins_writes
from ampera.accounts.pins.writes import PinEntry
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.roles import ROLES
from ampera.accounts.sign_in import writes as tries_writes
from ampera.accounts.sign_in.tries import Tries
from ampera.accounts.writes import Named, end_access, notify, own_staff
from ampera.audit import FRESH, Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.settings import release
from ampera.typed_text import is_visible_line, typed

SEEN_EVERY = timedelta(minutes=5)
SEEN_ON_TABLETS = timedelta(seconds=50)  # shorter than the rest between two signs of the page
GIVEN_FOR = timedelta(days=3)  # how long a password that somebody else has made waits for its owner
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}", re.ASCII)
MAX_NAME = 80
IDENTIFIED = ("in_person", "superior", "call_back")  # how somebody who has lost a password or a factor is identified


@dataclass(frozen=True)
class Reset:
    """What a reset does, and how its person was identified before: one of `IDENTIFIED`, or "command"."""

    keeps_factors: bool = False
    identified: str = "command"


ALL = Reset()


@dataclass(frozen=True)
class Browser:
    """What a browser brings to a sign-in: the id of the session that it had, which ends, and the directory's own."""

    replaced: int | None = None
    directory_sid: str | None = None


@transaction
def sign_in(
    unit: Unit,
    actor: Actor,
    token_hash: str,
    tries: Tries | None = None,
    browser: Browser | None = None,
    factor: Factor | PinEntry | None = None,
) -> Named | Refused:
    """A new session for this member of staff, whose password, passkey or directory has proved who it is.

    Earlier misses are cleared. On a tablet (`actor.tablet`) the session is of this tablet alone. `factor` is used up.
    Refused:
    `factor_needed` when the account has a second factor and none is given, `factor_wrong` when it was used before,
    `wrong_password` when somebody else has made the password and it has opened a session already.
    """
    if actor.must_change and not _use_given_password(unit, actor):
        return Refused(AccountRefusal.WRONG_PASSWORD, 401)
    if factor is None and unit.session.get_one(Staff, actor.staff_id).has_factor:
        return Refused(AccountRefusal.FACTOR_NEEDED, 403)
    if (times := _times(unit, actor, factor)) is None:
        return Refused(AccountRefusal.FACTOR_WRONG, 401)
    browser = browser or Browser()
    session = SignIn(
        token_hash=token_hash, staff_id=actor.staff_id, seen_at=unit.at, factor=factor.kind if factor else None,
        device_id=actor.tablet.id if actor.tablet else None, directory_sid=browser.directory_sid, **times,
    )  # fmt: skip
    unit.session.add(session)
    if actor.tablet:
        unit.session.execute(update(Device).where(Device.id == actor.tablet.id).values(version=release()))
    tries_writes.forgive(unit, tries)
    if browser.replaced:
        unit.session.execute(update(SignIn).where(SignIn.id == browser.replaced).values(ended_at=unit.at))
        unit.emit(AccessEnded(actor.office_id))
    unit.session.flush()
    details = {"factor": factor.kind} if factor else {}
    audit.record(unit, actor, "staff.signed_in", f"staff:{actor.staff_id}", **details)
    return Named(session.id, actor.name)


@transaction
def prove_again(unit: Unit, actor: Actor, token_hash: str, tries: Tries | None = None) -> None:
    """Record that the password was typed again: the session counts as a fresh sign-in for a few minutes.

    It gets a new token, so that a copy of the old cookie does not become fresh with it.
    """
    fresh = update(SignIn).where(SignIn.id == actor.sign_in_id, SignIn.ended_at.is_(None))
    unit.session.execute(fresh.values(proved_at=unit.at, token_hash=token_hash))
    tries_writes.forgive(unit, tries)
    audit.record(unit, actor, "staff.proved", f"staff:{actor.staff_id}")


@transaction
def stay(unit: Unit, actor: Actor) -> None:
    """Record that the session or the key is in use."""
    if actor.key_id:
        unit.session.execute(update(ApiKey).where(ApiKey.id == actor.key_id).values(used_at=unit.at))
    else:
        unit.session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(seen_at=unit.at))


@transaction
def sign_out(unit: Unit, actor: Actor) -> None:
    unit.session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(ended_at=unit.at))
    audit.record(unit, actor, "staff.signed_out", f"staff:{actor.staff_id}")
    unit.emit(AccessEnded(actor.office_id))


@transaction
def create_staff(
    unit: Unit, actor: Actor, login: str, name: str, role: str, password_hash: str, must_change: bool = False
) -> Named | Refused:
    """A new account in the actor's office.

    Refused: `login_invalid`, `staff_name_invalid`, `unknown_role`, `login_taken`.

    `must_change`: the person who makes it knows the password.
    """
    login, name = typed(login).lower(), name.strip()
    if wrong := _wrong(login, name, role):
        return Refused(next(iter(wrong.values())), 422, dict(wrong))
    if unit.session.scalar(select(Staff.id).where(Staff.login == login)):
        return Refused(AccountRefusal.LOGIN_TAKEN, 422, {"login": AccountRefusal.LOGIN_TAKEN})
    staff = Staff(
        office_id=actor.office_id or 0, login=login, name=name, role=role, password_hash=password_hash,
        created_at=unit.at, must_change=must_change, given_until=unit.at + GIVEN_FOR if must_change else None,
    )  # fmt: skip
    unit.session.add(staff)
    unit.session.flush()
    audit.record(unit, actor, "staff.created", f"staff:{staff.id}", role=role)
    notify(unit, actor, staff, "created")
    return Named(staff.id, login)


@transaction
def reset_password(
    unit: Unit, actor: Actor, staff_id: int, password_hash: str, must_change: bool = False, how: Reset = ALL
) -> Named | Refused:
    """A new password; every session and key of the account ends, and its second factor where `how` says so.

    The history keeps how the person was identified. Refused: `not_found`, `own_account`, `directory_account`.
    """
    staff = own_staff(unit, actor, staff_id)
    if staff is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if staff.id == actor.staff_id:
        return Refused(AccountRefusal.OWN_ACCOUNT, 409)
    if staff.is_of_directory:
        return Refused(AccountRefusal.DIRECTORY_ACCOUNT, 409)
    staff.password_hash, staff.must_change, staff.has_short_password = password_hash, must_change, False
    staff.given_until = unit.at + GIVEN_FOR if must_change else None
    tries_writes.forget_account(unit, staff.id)
    if not how.keeps_factors:
        factors_writes.forget_factors(unit, staff)
    end_access(unit, actor, staff)
    audit.record(
        unit, actor, "staff.password_reset", f"staff:{staff.id}",
        factors="kept" if how.keeps_factors else "removed", identified=how.identified,
    )  # fmt: skip
    notify(unit, actor, staff, "reset")
    return Named(staff.id, staff.login)


@transaction
def set_active(
    unit: Unit, actor: Actor, staff_id: int, is_active: bool, made_keys: Sequence[int] = ()
) -> Named | Refused:
    """Disable (sessions and keys end at once) or enable an account. `made_keys` are keys that this person has made for
    others and that are revoked with it.

    Refused: `not_found`, `own_account`, `last_administrator`.
    """
    staff = own_staff(unit, actor, staff_id)
    if staff is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if not is_active and (refusal := _keeps_office(unit, actor, staff)):
        return Refused(refusal, 409)
    if is_active == staff.is_active:
        return Named(staff.id, staff.login)
    staff.is_active = is_active
    if not is_active:
        end_access(unit, actor, staff)
        _revoke_made(unit, actor, staff, made_keys)
    audit.record(unit, actor, "staff.enabled" if is_active else "staff.disabled", f"staff:{staff.id}")
    notify(unit, actor, staff, "enabled" if is_active else "disabled")
    return Named(staff.id, staff.login)


@transaction
def set_role(unit: Unit, actor: Actor, staff_id: int, role: str) -> Named | Refused:
    """Another role. The account's sessions end, and its keys that the new role may not hold.

    Refused: `not_found`, `unknown_role`, `own_account`, `last_administrator`, `directory_account`.
    """
    staff = own_staff(unit, actor, staff_id)
    if staff is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if role not in ROLES:
        return Refused(AccountRefusal.UNKNOWN_ROLE, 422, {"role": AccountRefusal.UNKNOWN_ROLE})
    if role == staff.role:
        return Named(staff.id, staff.login)
    if staff.is_of_directory:
        return Refused(AccountRefusal.DIRECTORY_ACCOUNT, 409)
    if refusal := _keeps_office(unit, actor, staff):
        return Refused(refusal, 409)
    before, staff.role = staff.role, role
    end_access(unit, actor, staff, role)
    audit.record(unit, actor, "staff.role_changed", f"staff:{staff.id}", before=before, role=role)
    notify(unit, actor, staff, "role_changed")
    return Named(staff.id, staff.login)


def _revoke_made(unit: Unit, actor: Actor, staff: Staff, key_ids: Sequence[int]) -> None:
    """Of these keys those that the person has really made."""
    for key in made_for_others(unit.session, staff.id):
        if key.id in key_ids:
            key.revoked_at = unit.at
            audit.record(unit, actor, "key.revoked", f"key:{key.id}", staff=key.staff_id, made_by=staff.id)
            unit.emit(AccessEnded(key.staff.office_id))


def _times(unit: Unit, actor: Actor, factor: Factor | PinEntry | None) -> dict[str, datetime] | None:
    """When a session began, and when it was proved; None when its factor was used before, or is over.

    A session by PIN began with the full sign-in that the PIN was made in, and it is not fresh.
    """
    if isinstance(factor, PinEntry):
        began = pins_writes.use(unit, actor.staff_id or 0, factor)
        return {"created_at": began, "proved_at": min(began, unit.at - FRESH)} if began else None
    if factor and not factors_writes.use(unit, actor.staff_id or 0, factor):
        return None
    return {"created_at": unit.at, "proved_at": unit.at}


def _use_given_password(unit: Unit, actor: Actor) -> bool:
    """Use up a password that somebody else has made. Passwords of older versions have no end: they open one session.

    The end becomes a moment that is past for every transaction, also for one that began earlier and waits.
    """
    is_new = (Staff.id == actor.staff_id, or_(Staff.given_until.is_(None), Staff.given_until > unit.at))
    return unit.conn.execute(update(Staff).where(*is_new).values(given_until=Staff.created_at)).rowcount == 1


def _wrong(login: str, name: str, role: str) -> dict[str, str]:
    """Each field of a new account that cannot be so, with its refusal."""
    wrong: dict[str, str] = {}
    if not LOGIN.fullmatch(login):
        wrong["login"] = AccountRefusal.LOGIN_INVALID
    if not name or len(name) > MAX_NAME or not is_visible_line(name):
        wrong["name"] = AccountRefusal.NAME_INVALID
    if role not in ROLES:
        wrong["role"] = AccountRefusal.UNKNOWN_ROLE
    return wrong


def _keeps_office(unit: Unit, actor: Actor, staff: Staff) -> AccountRefusal | None:
    """Why this account must stay as it is: otherwise its office could not be administered any more."""
    if staff.id == actor.staff_id:
        return AccountRefusal.OWN_ACCOUNT
    if staff.role != "admin" or not staff.is_active:
        return None
    admins = select(func.count(Staff.id)).where(Staff.office_id == staff.office_id, Staff.role == "admin")
    others = unit.session.scalar(admins.where(Staff.is_active, Staff.id != staff.id))
    return None if others else AccountRefusal.LAST_ADMINISTRATOR
