"""Judges a second factor. A try is counted for the account before it is judged: two places share the count."""

from typing import Any

import structlog

from ampera import clock, db
from ampera.accounts.factors import challenges, passkeys, service
from ampera.accounts.factors.codes import recovery_hash, step_of
from ampera.accounts.factors.models import AuthenticatorApp
from ampera.accounts.factors.passkeys import Site
from ampera.accounts.factors.queries import app_of, passkey_named
from ampera.accounts.factors.writes import AppCode, Factor, PasskeyAnswer, TypedRecovery
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.sign_in import tries_service
from ampera.accounts.sign_in.tries import Tries
from ampera.audit import Actor
from ampera.errors import Refused
from ampera.installation.data_keys import DataKeys, Unreadable

log: structlog.stdlib.BoundLogger = structlog.get_logger()
SIGN_IN = "sign-in"  # the purpose of a challenge


def reserve(who: Actor) -> Tries | Refused:
    """Count one try of this account in advance. Refused: `account_rests`."""
    tries = Tries(f"factor:{who.staff_id}")
    return tries if tries_service.reserve(tries) else Refused(AccountRefusal.ACCOUNT_RESTS, 429)


def typed_factor(who: Actor, typed: str, keys: DataKeys) -> Factor | Refused:
    """What this person has typed: a code of the app, or a recovery code. Refused: `factor_wrong`."""
    if code_hash := recovery_hash(typed):
        return TypedRecovery(code_hash)
    with db.reading() as session:
        app = app_of(session, who.staff_id or 0, is_confirmed=True)
    step = app and app_step(app, typed, keys)
    return AppCode(app.id, step) if app and step else refused(who)


def app_step(app: AuthenticatorApp, typed: str, keys: DataKeys) -> int | None:
    """The half minute whose code of this app was typed; None when it is none of now, or the secret is unreadable."""
    secret = secret_of(app, keys)
    return step_of(secret, typed, clock.now()) if secret else None


def secret_of(app: AuthenticatorApp, keys: DataKeys) -> str | None:
    """The secret of an app; None when its key is gone: then a recovery code or a reset helps."""
    try:
        return keys.open(app.sealed_secret, secret_place(app.staff_id))
    except Unreadable as error:
        log.error("secret of an authenticator app is unreadable", staff=app.staff_id, why=str(error))
        return None


def answered_passkey(credential: Any, site: Site, secret: str) -> tuple[int, PasskeyAnswer, bool] | None:
    """Whose passkey has answered one of our challenges: the account's id, the proof, whether it verified its user."""
    challenge = passkeys.challenge_of(credential)
    made_at = challenges.made_at(secret, SIGN_IN, challenge, clock.now())
    if made_at is None:
        return None
    with db.reading() as session:
        key = passkey_named(session, str(credential.get("id", ""))[:400])
    if key is None or not (answer := passkeys.answered(site, credential, challenge, key)):
        return None
    return key.staff_id, PasskeyAnswer(answer.credential_id, made_at, answer.sign_count), answer.is_user_verified


def refused(who: Actor) -> Refused:
    """Record the miss and refuse."""
    service.record_miss(who)
    return Refused(AccountRefusal.FACTOR_WRONG, 401)


def secret_place(staff_id: int) -> str:
    """What the secret of an app is sealed for."""
    return f"authenticator_apps.secret:{staff_id}"
