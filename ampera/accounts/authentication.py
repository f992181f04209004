"""Checks a login and a password. Hashing runs on a thread."""

from ampera import clock, db
from ampera.accounts import passwords, service
from ampera.accounts.models import Staff
from ampera.accounts.queries import staff_named
from ampera.accounts.refusals import AccountRefusal
from ampera.audit import Actor
from ampera.errors import Refused


def check(login: str, password: str) -> Actor | Refused:
    """The actor with this login and password. Refused: `wrong_password`, `account_rests`.

    An unknown login takes as long as a wrong password, so that nobody can list logins. The right password does not
    unlock a resting account: otherwise guessing would stay fast.
    """
    with db.reading() as session:
        staff = staff_named(session, login[:80])
        known = staff and Actor("staff", staff.name, staff.role, staff.office_id, staff_id=staff.id)
        stored = staff.password_hash if staff else passwords.NOBODY
        rests = bool(staff and staff.locked_until and staff.locked_until > clock.now())
        may_enter = bool(staff and staff.is_active)
    is_right = db.run_in_thread(lambda: passwords.matches(password[:200], stored))
    if rests:
        return Refused(AccountRefusal.ACCOUNT_RESTS, 429)
    if known and may_enter and is_right:
        return known
    if known:
        service.miss_password(known)
    return Refused(AccountRefusal.WRONG_PASSWORD, 401)


def is_own_password(who: Actor, password: str) -> bool:
    """Whether this is the actor's own password; a wrong password counts as a miss."""
    with db.reading() as session:
        staff = session.get(Staff, who.staff_id) if who.staff_id else None
    return staff is not None and not isinstance(check(staff.login, password), Refused)
