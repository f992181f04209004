"""What everybody may do with the second factors of their own account. Each change ends the account's other sessions."""

from dataclasses import asdict

from sqlalchemy import delete, select, update

from ampera import audit
from ampera.accounts.events import AccessEnded
from ampera.accounts.factors import writes
from ampera.accounts.factors.models import AuthenticatorApp, Passkey, RecoveryCode
from ampera.accounts.factors.passkeys import NewPasskey
from ampera.accounts.factors.writes import Factor
from ampera.accounts.models import AccountNotice, SignIn, Staff
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.sign_in import writes as tries_writes
from ampera.accounts.sign_in.tries import Tries
from ampera.accounts.writes import end_other_sessions
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused

MOST_PASSKEYS = 10


@transaction
def begin_app(unit: Unit, actor: Actor, sealed_secret: str) -> None:
    """A new secret for an authenticator app. It replaces one that was never confirmed; a confirmed one still works."""
    own = AuthenticatorApp.staff_id == actor.staff_id
    unit.session.execute(delete(AuthenticatorApp).where(own, AuthenticatorApp.confirmed_at.is_(None)))
    unit.session.add(AuthenticatorApp(staff_id=actor.staff_id or 0, sealed_secret=sealed_secret, made_at=unit.at))


@transaction
def confirm_app(unit: Unit, actor: Actor, app_id: int, step: int, recovery: list[str]) -> Refused | None:
    """The first code of the app was right: it counts from now on, and replaces an earlier app.

    `recovery` are the hashes of new recovery codes, which the account gets with its first factor. Refused: `not_found`.
    """
    own = (AuthenticatorApp.id == app_id, AuthenticatorApp.staff_id == actor.staff_id)
    waiting = update(AuthenticatorApp).where(*own, AuthenticatorApp.confirmed_at.is_(None))
    if not unit.conn.execute(waiting.values(confirmed_at=unit.at, last_step=step)).rowcount:
        return Refused(Refusal.NOT_FOUND, 404)
    unit.session.execute(
        delete(AuthenticatorApp).where(AuthenticatorApp.staff_id == actor.staff_id, AuthenticatorApp.id != app_id)
    )
    _added(unit, actor, "app", recovery)
    return None


@transaction
def add_passkey(unit: Unit, actor: Actor, made: NewPasskey, recovery: list[str]) -> Refused | None:
    """Refused: `passkey_known`, `too_many_passkeys`. `recovery` as in `confirm_app`."""
    if unit.session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)):
        return Refused(AccountRefusal.PASSKEY_KNOWN, 409)
    if _passkeys(unit, actor) >= MOST_PASSKEYS:
        return Refused(AccountRefusal.TOO_MANY_PASSKEYS, 409)
    unit.session.add(Passkey(staff_id=actor.staff_id or 0, made_at=unit.at, **asdict(made)))
    _added(unit, actor, "passkey", recovery)
    return None


@transaction
def remove_factor(unit: Unit, actor: Actor, passkey_id: int | None, may_be_without: bool) -> Refused | None:
    """Remove a passkey, or the app when `passkey_id` is None. The last factor takes the recovery codes with it.

    `may_be_without`: the role needs no second factor. Refused: `not_found`, `factor_required`, `password_short` when a
    short password would remain alone.
    """
    staff = unit.session.get_one(Staff, actor.staff_id)
    model = AuthenticatorApp if passkey_id is None else Passkey
    gone = delete(model).where(model.staff_id == staff.id)
    left = _passkeys(unit, actor) if passkey_id is None else _passkeys(unit, actor) - 1 + _has_app(unit, actor)
    if left <= 0 and not may_be_without:
        return Refused(AccountRefusal.FACTOR_REQUIRED, 409)
    if left <= 0 and staff.has_short_password:
        return Refused(AccountRefusal.PASSWORD_SHORT_ALONE, 409)
    if not unit.conn.execute(gone if passkey_id is None else gone.where(Passkey.id == passkey_id)).rowcount:
        return Refused(Refusal.NOT_FOUND, 404)
    if left <= 0:
        staff.has_factor = False
        unit.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    _changed(unit, actor, "factor_removed")
    return None


@transaction
def renew_recovery(unit: Unit, actor: Actor, hashes: list[str]) -> Refused | None:
    """New recovery codes; the old ones open nothing any more. Refused: `factor_needed` without a factor."""
    if not unit.session.get_one(Staff, actor.staff_id).has_factor:
        return Refused(AccountRefusal.FACTOR_NEEDED, 409)
    _replace_recovery(unit, actor, hashes)
    audit.record(unit, actor, "staff.recovery_renewed", f"staff:{actor.staff_id}")
    return None


@transaction
def record_password(unit: Unit, actor: Actor, tries: Tries | None) -> None:
    """The password was right, and the second factor is asked for: no session begins yet."""
    tries_writes.forgive(unit, tries)
    audit.record(unit, actor, "staff.factor_asked", f"staff:{actor.staff_id}")


@transaction
def record_vouched(unit: Unit, actor: Actor, tries: Tries, factor: Factor) -> bool:
    """Use up the factor of a person who vouches on the device of a colleague. False when it was used before."""
    if not writes.use(unit, actor.staff_id or 0, factor):
        return False
    tries_writes.forgive(unit, tries)
    audit.record(unit, actor, "staff.vouched", f"staff:{actor.staff_id}", factor=factor.kind)
    return True


@transaction
def record_miss(unit: Unit, actor: Actor) -> None:
    """A wrong factor after the right password: the owner must know, because somebody has the password."""
    unread = (
        AccountNotice.staff_id == actor.staff_id, AccountNotice.kind == "factor_refused",
        AccountNotice.read_at.is_(None),
    )  # fmt: skip
    if not unit.session.scalar(select(AccountNotice.id).where(*unread).limit(1)):
        _notify_owner(unit, actor, "factor_refused")
    audit.record(unit, actor, "staff.factor_refused", f"staff:{actor.staff_id}")


def _added(unit: Unit, actor: Actor, kind: str, recovery: list[str]) -> None:
    staff = unit.session.get_one(Staff, actor.staff_id)
    if not staff.has_factor:
        staff.has_factor = True
        _replace_recovery(unit, actor, recovery)
        # This session has proved the password and now this factor: it is a whole sign-in of the moment it began.
        unit.session.execute(update(SignIn).where(SignIn.id == actor.sign_in_id).values(factor=kind))
    _changed(unit, actor, "factor_added", kind=kind)


def _changed(unit: Unit, actor: Actor, what: str, **details: str) -> None:
    end_other_sessions(unit, actor)
    _notify_owner(unit, actor, what)
    audit.record(unit, actor, f"staff.{what}", f"staff:{actor.staff_id}", **details)
    unit.emit(AccessEnded(actor.office_id))


def _notify_owner(unit: Unit, actor: Actor, kind: str) -> None:
    own = actor.staff_id or 0
    unit.session.add(AccountNotice(staff_id=own, about_id=own, kind=kind, by_name=actor.name, at=unit.at))


def _replace_recovery(unit: Unit, actor: Actor, hashes: list[str]) -> None:
    unit.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == actor.staff_id))
    unit.session.add_all(RecoveryCode(staff_id=actor.staff_id or 0, code_hash=code_hash) for code_hash in hashes)


def _passkeys(unit: Unit, actor: Actor) -> int:
    return len(unit.session.scalars(select(Passkey.id).where(Passkey.staff_id == actor.staff_id)).all())


def _has_app(unit: Unit, actor: Actor) -> bool:
    confirmed = (AuthenticatorApp.staff_id == actor.staff_id, AuthenticatorApp.confirmed_at.is_not(None))
    return unit.session.scalar(select(AuthenticatorApp.id).where(*confirmed)) is not None
