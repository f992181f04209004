"""Admits people of the directory, and ends their sessions when the directory says so. Nothing here asks the directory.

The subject of a person, tokens and codes are never in the history: an account there is `staff:ID`.
"""

import hashlib
import json
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from ampera import audit
from ampera.accounts.directory.claims import Person, Right
from ampera.accounts.directory.models import DirectoryAccount, DirectoryMark
from ampera.accounts.directory.provider import Tokens
from ampera.accounts.directory.queries import DueAccount, account_of
from ampera.accounts.directory.refusals import DirectoryRefusal
from ampera.accounts.events import AccessEnded
from ampera.accounts.models import SignIn, Staff
from ampera.accounts.pins.writes import forget_pins
from ampera.accounts.queries import staff_actor
from ampera.accounts.writes import end_access, notify
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refused

MARKS_LIVE = timedelta(hours=1)  # longer than an attempt to sign in and a logout token live
IDLE = timedelta(minutes=15)  # after this time without a session the tokens are forgotten
DIRECTORY = "Direktori"


def directory_actor(office_id: int | None = None) -> Actor:
    """The directory as the one who acts."""
    return Actor("directory", DIRECTORY, "directory", office_id)


@transaction
def spend(unit: Unit, _actor: Actor, kind: str, text: str) -> bool:
    """Use up a nonce or the id of a logout token. False when it was used before."""
    key = f"{kind}:" + hashlib.sha256(text.encode()).hexdigest()
    try:
        with unit.session.begin_nested():
            unit.session.add(DirectoryMark(key=key, expires_at=unit.at + MARKS_LIVE))
    except IntegrityError:
        return False
    return True


@transaction
def admit(unit: Unit, actor: Actor, person: Person, right: Right, tokens: Tokens) -> Actor | Refused:
    """The account of this person, made at the first sign-in, with name, role and office as the directory has them.

    Another role or office ends what runs under the old one. Refused: `directory_account_disabled`.
    """
    account = account_of(unit.session, person.issuer, person.subject)
    if account is None:
        account = _new_account(unit, actor, person, right)
    elif not account.staff.is_active:
        audit.record(unit, actor, "staff.directory_refused", f"staff:{account.staff_id}", why="disabled")
        return Refused(DirectoryRefusal.DISABLED, 403)
    else:
        _follow(unit, actor, account.staff, person.name, right)
    account.checked_at = account.answered_at = unit.at
    account.sealed_tokens = _sealed(unit, account.id, tokens)
    return staff_actor(account.staff)


@transaction
def refuse(unit: Unit, actor: Actor, person: Person, why: str) -> None:
    """Record that this person has no right here. What runs under an earlier right ends."""
    account = account_of(unit.session, person.issuer, person.subject)
    if account:
        _end(unit, actor, account)
    subject = f"staff:{account.staff_id}" if account else "directory"
    audit.record(unit, actor, "staff.directory_refused", subject, why=why)


@transaction
def log_out(unit: Unit, actor: Actor, issuer: str, subject: str | None, sid: str | None) -> None:
    """The directory has ended a session of a person (`sid`), or all of them. PINs end with any of them."""
    for account in _named(unit, issuer, subject, sid):
        sessions = update(SignIn).where(SignIn.staff_id == account.staff_id, SignIn.ended_at.is_(None))
        if sid:  # a session by PIN has no name there: it began in one that may be the one that ended
            sessions = sessions.where((SignIn.directory_sid == sid) | SignIn.directory_sid.is_(None))
        unit.session.execute(sessions.values(ended_at=unit.at))
        forget_pins(unit, account.staff_id)
        audit.record(unit, actor, "staff.directory_ended", f"staff:{account.staff_id}", why="logout")
        unit.emit(AccessEnded(account.staff.office_id))


@transaction
def claim(unit: Unit, _actor: Actor, due: DueAccount) -> bool:
    """Take the check of this account, which others then leave alone: a refresh token may work only once."""
    mine = update(DirectoryAccount).where(
        DirectoryAccount.id == due.id,
        DirectoryAccount.checked_at == due.checked_at,
        DirectoryAccount.sealed_tokens == due.sealed_tokens,
    )
    return unit.conn.execute(mine.values(checked_at=unit.at)).rowcount == 1


@transaction
def confirm(unit: Unit, _actor: Actor, due: DueAccount, tokens: Tokens) -> None:
    """The directory has said yes. After a sign-in meanwhile the newer tokens stay."""
    same = update(DirectoryAccount).where(
        DirectoryAccount.id == due.id, DirectoryAccount.sealed_tokens == due.sealed_tokens
    )
    unit.conn.execute(same.values(answered_at=unit.at, sealed_tokens=_sealed(unit, due.id, tokens)))


@transaction
def end(unit: Unit, actor: Actor, due: DueAccount, why: str) -> bool:
    """End every session and PIN of the account. False after a sign-in meanwhile, which was another answer."""
    account = unit.session.get_one(DirectoryAccount, due.id)
    if account.sealed_tokens != due.sealed_tokens:
        return False
    _end(unit, actor, account)
    audit.record(unit, actor, "staff.directory_ended", f"staff:{account.staff_id}", why=why)
    return True


@transaction
def forget(unit: Unit, _actor: Actor, running: list[int]) -> None:
    """Delete marks that are over, and the tokens of accounts that are not among the `running` ones."""
    unit.conn.execute(delete(DirectoryMark).where(DirectoryMark.expires_at <= unit.at))
    is_idle = DirectoryAccount.answered_at <= unit.at - IDLE
    idle = update(DirectoryAccount).where(is_idle, DirectoryAccount.id.not_in(running))
    unit.conn.execute(idle.where(DirectoryAccount.sealed_tokens.is_not(None)).values(sealed_tokens=None))


def tokens_place(account_id: int) -> str:
    """What the tokens of an account are sealed for."""
    return f"directory_accounts.tokens:{account_id}"


def _new_account(unit: Unit, actor: Actor, person: Person, right: Right) -> DirectoryAccount:
    staff = Staff(
        office_id=right.office_id, login=_free_login(unit, person.login), name=person.name, role=right.role,
        password_hash="", created_at=unit.at,
    )  # fmt: skip
    unit.session.add(staff)
    unit.session.flush()
    account = DirectoryAccount(
        staff=staff, issuer=person.issuer, subject=person.subject, checked_at=unit.at, answered_at=unit.at
    )
    unit.session.add(account)
    unit.session.flush()
    audit.record(unit, actor, "staff.created", f"staff:{staff.id}", role=right.role, directory=True)
    notify(unit, actor, staff, "created")
    return account


def _free_login(unit: Unit, wish: str) -> str:
    """The wish, or the first one with a number that nobody has. A local account keeps its login, and its owner."""
    taken = set(unit.session.scalars(select(Staff.login).where(Staff.login.startswith(wish, autoescape=True))))
    if wish not in taken:
        return wish
    return next(login for number in range(2, len(taken) + 3) if (login := f"{wish}{number}") not in taken)


def _follow(unit: Unit, actor: Actor, staff: Staff, name: str, right: Right) -> None:
    """Give an account the name, role and office that the directory has now."""
    staff.name = name
    if staff.office_id != right.office_id:
        end_access(unit, actor, staff)
        audit.record(unit, actor, "staff.moved", f"staff:{staff.id}", before=staff.office_id, role=right.role)
        staff.role, staff.office_id = right
    elif staff.role != right.role:
        before, staff.role = staff.role, right.role
        end_access(unit, actor, staff, right.role)
        audit.record(unit, actor, "staff.role_changed", f"staff:{staff.id}", before=before, role=right.role)
        notify(unit, actor, staff, "role_changed")


def _end(unit: Unit, actor: Actor, account: DirectoryAccount) -> None:
    """End sessions and PINs, and forget the tokens. Keys stay: they are of a program, and have limits of their own."""
    end_access(unit, actor, account.staff, account.staff.role)
    account.sealed_tokens = None


def _named(unit: Unit, issuer: str, subject: str | None, sid: str | None) -> list[DirectoryAccount]:
    query = select(DirectoryAccount).where(DirectoryAccount.issuer == issuer)
    if subject:
        query = query.where(DirectoryAccount.subject == subject)
    else:
        of_sid = select(SignIn.staff_id).where(SignIn.directory_sid == sid, SignIn.directory_sid.is_not(None))
        query = query.where(DirectoryAccount.staff_id.in_(of_sid))
    return list(unit.session.scalars(query))


def _sealed(unit: Unit, account_id: int, tokens: Tokens) -> str:
    kept = {"access": tokens.access, "refresh": tokens.refresh}
    return unit.settings.sealing_keys.seal(json.dumps(kept), tokens_place(account_id))
