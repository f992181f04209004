"""What everybody may do with their own account: a new password, the end of their other sessions, read their notices."""

from sqlalchemy import update

from ampera import audit
from ampera.accounts import writes
from ampera.accounts.events import AccessEnded
from ampera.accounts.models import AccountNotice, SignIn, Staff
from ampera.accounts.pins.writes import forget_pins
from ampera.accounts.sign_in import writes as tries_writes
from ampera.accounts.sign_in.tries import Tries
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused


@transaction
def change_password(
    unit: Unit, actor: Actor, password_hash: str, token_hash: str, tries: Tries, is_short: bool = False
) -> None:
    """The owner's own new password, after the old one was right. Other sessions end; this one gets a new token.

    `is_short`: it is strong enough beside a second factor only.
    """
    staff = unit.session.get_one(Staff, actor.staff_id)
    staff.password_hash, staff.must_change, staff.has_short_password = password_hash, False, is_short
    staff.given_until = None
    tries_writes.forgive(unit, tries)
    tries_writes.forget_account(unit, staff.id)
    writes.end_other_sessions(unit, actor)
    own = update(SignIn).where(SignIn.id == actor.sign_in_id, SignIn.ended_at.is_(None))
    unit.session.execute(own.values(token_hash=token_hash, proved_at=unit.at))
    unit.session.add(
        AccountNotice(staff_id=staff.id, about_id=staff.id, kind="changed", by_name=staff.name, at=unit.at)
    )
    audit.record(unit, actor, "staff.password_changed", f"staff:{staff.id}")
    unit.emit(AccessEnded(staff.office_id))


@transaction
def renew_hash(unit: Unit, staff_id: int, old: str, new: str) -> bool:
    """Another hash of the same password. False when the password was changed meanwhile."""
    same = update(Staff).where(Staff.id == staff_id, Staff.password_hash == old)
    return unit.conn.execute(same.values(password_hash=new)).rowcount == 1


@transaction
def end_other_sessions(unit: Unit, actor: Actor) -> None:
    """Sign out everywhere but here."""
    writes.end_other_sessions(unit, actor)
    audit.record(unit, actor, "staff.other_sessions_ended", f"staff:{actor.staff_id}")
    unit.emit(AccessEnded(actor.office_id))


@transaction
def end_session(unit: Unit, actor: Actor, sign_in_id: int) -> Refused | None:
    """Sign one other session of the account out, and end the PINs, by which its tablet could come back.

    Refused: `not_found`, also for the own session and for one that is over.
    """
    other = (SignIn.id == sign_in_id, SignIn.staff_id == actor.staff_id, SignIn.id != actor.sign_in_id)
    ended = update(SignIn).where(*other, SignIn.ended_at.is_(None)).values(ended_at=unit.at)
    if not unit.conn.execute(ended).rowcount:
        return Refused(Refusal.NOT_FOUND, 404)
    forget_pins(unit, actor.staff_id)
    audit.record(unit, actor, "staff.session_ended", f"staff:{actor.staff_id}", session=sign_in_id)
    unit.emit(AccessEnded(actor.office_id))
    return None


@transaction
def read_notices(unit: Unit, actor: Actor) -> None:
    """The notices on the page of the account were read."""
    unread = update(AccountNotice).where(AccountNotice.staff_id == actor.staff_id, AccountNotice.read_at.is_(None))
    unit.session.execute(unread.values(read_at=unit.at))
