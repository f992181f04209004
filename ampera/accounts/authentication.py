"""Checks a login and a password, or the password of somebody who has signed in. Hashing runs on a thread.

A try is counted before it is judged. Unknown, disabled and known logins get the same answers after the same work.
"""

import threading
from dataclasses import dataclass

from ampera import clock, db
from ampera.accounts import own_service, passwords
from ampera.accounts.factors import proofs
from ampera.accounts.factors import service as factors_service
from ampera.accounts.models import Staff
from ampera.accounts.queries import staff_actor, staff_named
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.sign_in import tries_service
from ampera.accounts.sign_in.known_devices import KnownDevice
from ampera.accounts.sign_in.tries import MOST_OF_DEVICE, Tries, account_key, sealed
from ampera.audit import Actor
from ampera.errors import Refused

MAX_LOGIN = 80

# One password of an account is judged after the other. Honest sign-ins at the same moment wait for milliseconds;
# without it, the sixth would find five reserved tries and be refused.
_turns = [threading.Lock() for _ in range(64)]


@dataclass(frozen=True)
class Client:
    """Where a password is typed: the address as limits count it, and the cookie of the browser.

    `secret` keys the hashes of what is counted.
    """

    secret: str = ""
    network: str = "local"
    device: KnownDevice | None = None


@dataclass(frozen=True)
class Proved:
    """Whose password was right, and the tries that the next transaction forgives. A passkey has none."""

    actor: Actor
    tries: Tries | None
    password_hash: str


def sign_in(login: str, password: str, client: Client) -> Proved | Refused:
    """Whose login and password these are. Refused: `wrong_password` (401), `account_rests` (429).

    The right password does not unlock a resting account: otherwise guessing would stay fast.
    """
    with db.reading() as session:
        staff = staff_named(session, login[:MAX_LOGIN])
    tries, is_known_device = _tries(login[:MAX_LOGIN], staff, client)
    with _turns[hash(tries.account) % len(_turns)]:
        if not tries_service.reserve(tries):
            return Refused(AccountRefusal.ACCOUNT_RESTS, 429)
        is_right = _is_right(password, staff)
        if staff and staff.is_active and is_right and not _has_ended(staff):
            return Proved(staff_actor(staff), tries, _renewed(staff, password))
    subject = f"staff:{staff.id}" if staff else tries.account[:24]
    tries_service.record_miss(subject, staff.id if staff else None, tries.place or "", is_known_device)
    return Refused(AccountRefusal.WRONG_PASSWORD, 401)


def vouch(login: str, password: str, code: str, client: Client) -> Actor | Refused:
    """Whose login and password these are, for one act on the device of a colleague: no session begins.

    It counts and rests like a sign-in. An account with a second factor also needs a `code` of the app or for recovery.
    Refused: `wrong_password`, `account_rests`, `factor_needed`, `factor_wrong`.
    """
    proved = sign_in(login, password, client)
    if isinstance(proved, Refused):
        return proved
    if proved.actor.has_factor:
        return _vouch_with_factor(proved, code)
    tries_service.record_vouched(proved.actor, proved.tries)
    return proved.actor


def check(login: str, password: str) -> Actor | Refused:
    """Like `sign_in`, for callers on this machine."""
    proved = sign_in(login, password, Client())
    return proved if isinstance(proved, Refused) else proved.actor


def prove(who: Actor, password: str) -> Tries | Refused:
    """Whether this is the password of somebody who has signed in; the tries count for this session only.

    Nobody can lock an owner out who has not even signed in. Refused: `wrong_password`, `account_rests`, `forbidden` for
    whatever is no person's session.
    """
    if who.kind != "staff" or who.sign_in_id is None:
        return Refused(AccountRefusal.FRESH_SIGN_IN_NEEDED, 403)
    with db.reading() as session:
        staff = session.get_one(Staff, who.staff_id)
    tries = Tries(f"session:{who.sign_in_id}")
    if not tries_service.reserve(tries):
        return Refused(AccountRefusal.ACCOUNT_RESTS, 429)
    if _is_right(password, staff):
        return tries
    tries_service.record_miss(f"staff:{staff.id}", staff.id, tries.account, is_known_device=True)
    return Refused(AccountRefusal.WRONG_PASSWORD, 401)


def is_own_password(who: Actor, password: str) -> bool:
    """Whether this is the actor's own password; a wrong password counts as a miss."""
    return not isinstance(prove(who, password), Refused)


def _tries(login: str, staff: Staff | None, client: Client) -> tuple[Tries, bool]:
    """The keys of this try, and whether the browser knows the account."""
    secret, device = client.secret, client.device
    account = account_key(staff.id) if staff else sealed(secret, "name", login.strip().lower())
    if device is None:
        return Tries(account, sealed(secret, "network", client.network)), False
    place = sealed(secret, "device", device.nonce)
    is_known = staff is not None and device.knows(staff.id, staff.password_hash)
    return Tries(f"{account}@{place}" if is_known else account, place, MOST_OF_DEVICE), is_known


def _has_ended(staff: Staff) -> bool:
    """Whether the password was made by somebody else and has opened its session, or waited too long for its owner."""
    return staff.must_change and staff.given_until is not None and staff.given_until <= clock.now()


def _vouch_with_factor(proved: Proved, code: str) -> Actor | Refused:
    who = proved.actor
    factors_service.record_password(who, proved.tries)
    if not code:
        return Refused(AccountRefusal.FACTOR_NEEDED, 403)
    tries = proofs.reserve(who)
    if isinstance(tries, Refused):
        return tries
    factor = proofs.typed_factor(who, code, db.current_settings().sealing_keys)
    if isinstance(factor, Refused):
        return factor
    return who if factors_service.record_vouched(who, tries, factor) else proofs.refused(who)


def _renewed(staff: Staff, password: str) -> str:
    """The hash of the account, made again when an earlier version has made it with weaker parameters."""
    if not passwords.is_outdated(staff.password_hash):
        return staff.password_hash
    new = db.run_in_thread(lambda: passwords.hashed(password))
    return new if own_service.renew_hash(staff.id, staff.password_hash, new) else staff.password_hash


def _is_right(password: str, staff: Staff | None) -> bool:
    """Whether this is the password of the account. Without an account, or without a password, it takes as long."""
    has_none = staff is None or staff.is_of_directory
    stored = passwords.NOBODY if staff is None or has_none else staff.password_hash
    is_right = _matches(password, stored)
    return is_right and not has_none


def _matches(password: str, stored: str) -> bool:
    return db.run_in_thread(lambda: passwords.matches(password, stored))
