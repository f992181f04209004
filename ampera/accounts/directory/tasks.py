"""Asks the directory every minute about each person whose sessions run: a leaver is out within a minute.

A definite refusal ends the person's sessions at once. A directory that does not answer ends nothing for an hour.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta

import structlog

from ampera import clock, db, tasks
from ampera.accounts.directory import service, tokens
from ampera.accounts.directory.claims import Right, person_of, right_of
from ampera.accounts.directory.provider import Denied, Provider, Tokens, Unreachable, provider_of
from ampera.accounts.directory.queries import (
    DueAccount,
    accounts_elsewhere,
    due_accounts,
    has_accounts,
    has_marks,
    offices_by_code,
)
from ampera.accounts.directory.service import directory_actor, tokens_place
from ampera.accounts.directory.tokens import TokenRefused
from ampera.installation.data_keys import Unreadable
from ampera.settings import Settings

log: structlog.stdlib.BoundLogger = structlog.get_logger()

WORKER = "directory"
EVERY = timedelta(seconds=45)  # with the rest below and the time of an answer less than a minute
REST = 5.0
LONG_REST = 600.0  # without a directory
AT_ONCE = 4  # requests to the directory
PATIENCE = timedelta(hours=1)  # how long sessions go on without an answer of the directory


def step() -> float:
    """Check everybody who is due; returns the seconds until the next step."""
    if tasks.is_stopping():
        return 0.0
    settings = db.current_settings()
    with db.reading() as session:
        others = accounts_elsewhere(session, settings.oidc_issuer)
        due = due_accounts(session, settings.oidc_issuer, clock.now() - EVERY) if settings.oidc_issuer else []
    for account in others:
        service.end(directory_actor(account.office_id), account, "another directory")
    if due:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for account in due:
                pool.submit(copy_context().run, _check_alone, account)
    return REST if settings.oidc_issuer else LONG_REST


@tasks.every(3600)
def forget() -> None:
    """Delete what is over: marks, and tokens of accounts that are not signed in."""
    with db.reading() as session:
        if not has_marks(session) and not has_accounts(session):
            return
        running = due_accounts(session, db.current_settings().oidc_issuer, clock.now())
    service.forget(directory_actor(), [account.id for account in running])


def check(account: DueAccount) -> None:
    """Ask the directory about one person, and do what it says."""
    who, settings = directory_actor(account.office_id), db.current_settings()
    if not service.claim(who, account):
        return
    try:
        answered = _asked(provider_of(settings), account, settings)
    except Denied:
        _end(account, "refused")
    except (Unreadable, TokenRefused):
        _end(account, "unreadable")
    except Exception as error:  # no usable answer, whatever is wrong with it
        why = str(error) if isinstance(error, Unreachable) else type(error).__name__
        log.warning("the directory does not answer", why=why)
        if account.answered_at <= clock.now() - PATIENCE:
            _end(account, "no answer")
    else:
        service.confirm(who, account, answered)


def _check_alone(account: DueAccount) -> None:
    """A failure about one person concerns nobody else."""
    try:
        check(account)
    except Exception as error:
        log.error("a check with the directory failed", kind=type(error).__name__)


def _asked(provider: Provider, account: DueAccount, settings: Settings) -> Tokens:
    """The tokens for the next time. Raises Denied, Unreachable, Unreadable, TokenRefused."""
    kept = Tokens(**json.loads(settings.sealing_keys.open(account.sealed_tokens or "", tokens_place(account.id))))
    if not kept.refresh:
        provider.greet(kept.access)
        return kept
    fresh = provider.refresh(kept.refresh)
    if fresh.identity:
        _check_right(provider, account, fresh.identity, settings)
    return fresh


def _check_right(provider: Provider, account: DueAccount, identity: str, settings: Settings) -> None:
    """A directory may send a new ID token: it must be of the same person, who still has the same right.

    Raises Denied, TokenRefused, Unreachable.
    """
    claims = provider.judged(lambda keys: tokens.id_claims(identity, keys, provider.audience, None, clock.now()))
    if claims["sub"] != account.subject:
        raise Denied("another person")
    if settings.oidc_groups_claim not in claims:  # some send the groups at a sign-in only
        return
    person = person_of(claims, settings.oidc_groups_claim, settings.directory_roles, ())
    with db.reading() as session:
        right = right_of(person.rights, offices_by_code(session))
    if right != Right(account.role, account.office_id):
        raise Denied("another right")


def _end(account: DueAccount, why: str) -> None:
    if service.end(directory_actor(account.office_id), account, why):
        log.info("sessions ended by the directory", why=why)


def _prepare(settings: Settings) -> tasks.Step:
    """Also without a directory: what began with an earlier one ends."""
    return step


tasks.worker(WORKER, _prepare)
