"""Answers that tell whether a guess is right: counted by account, audited, and limited.

A person at work needs a few of such answers; a program that tries seven digits needs millions. The audit is the
counter: it outlives a restart, and all servers share it. It holds keyed marks, never the guesses.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Select, select, text

from ampera import audit, clock, db
from ampera.audit import Actor, AuditEntry
from ampera.db import Unit, transaction
from ampera.errors import ErrorCode, Problem

ANSWERED, REFUSED = "guesses.answered", "guesses.refused"
WITHIN = timedelta(hours=1)
_IN_TURN = text("SELECT pg_advisory_xact_lock(hashtext(:subject))")


@dataclass(frozen=True)
class GuessLimit:
    """At most `most` different guesses of one account within the hour; beyond, `refusal` (429) is the only answer."""

    name: str
    most: int
    refusal: ErrorCode


def need_right(actor: Actor, limit: GuessLimit) -> None:
    """Before the comparison: an account that asked too much gets no answer at all, because a refusal tells too.

    Raises Problem 429.
    """
    with db.reading() as session:
        if actor.staff_id is not None and _is_exhausted(session.connection(), actor, limit):
            raise Problem(limit.refusal, 429)


def need_answers(actor: Actor, limit: GuessLimit, guesses: Collection[str]) -> None:
    """After it: commits an audit row about the answers; the same guess again within the hour counts once.

    Raises Problem 429 when these would be too many; then nothing may be answered.
    """
    if actor.staff_id is not None and guesses and not _count(actor, limit, guesses):
        raise Problem(limit.refusal, 429)


@transaction
def _count(unit: Unit, actor: Actor, limit: GuessLimit, guesses: Iterable[str]) -> bool:
    subject = _subject(actor, limit)
    if unit.conn.dialect.name == "postgresql":  # many at once: one after the other
        unit.conn.execute(_IN_TURN, {"subject": subject})
    if _is_exhausted(unit.conn, actor, limit):
        return False
    known = _marks(unit.conn, actor, limit)
    marks = {audit.mark(unit, "guess", guess) for guess in guesses}
    new = sorted(mark for mark in marks if mark not in known and mark[: audit.FORMER_MARK] not in known)
    is_allowed = len(known) + len(new) <= limit.most
    if not is_allowed:
        audit.record(unit, actor, REFUSED, subject, guesses=len(new))
    elif new:
        audit.record(unit, actor, ANSWERED, subject, guesses=len(new), marks=new)
    return is_allowed


def _is_exhausted(conn: Connection, actor: Actor, limit: GuessLimit) -> bool:
    return conn.execute(_recent(actor, limit).where(AuditEntry.action == REFUSED).limit(1)).first() is not None


def _marks(conn: Connection, actor: Actor, limit: GuessLimit) -> set[str]:
    rows = conn.scalars(_recent(actor, limit).where(AuditEntry.action == ANSWERED))
    return {mark for details in rows for mark in json.loads(details)["marks"]}


def _recent(actor: Actor, limit: GuessLimit) -> Select[str]:
    since = clock.now() - WITHIN
    return select(AuditEntry.details).where(AuditEntry.subject == _subject(actor, limit), AuditEntry.at > since)


def _subject(actor: Actor, limit: GuessLimit) -> str:
    """Keys count with their owner."""
    return f"guesses:{limit.name}:{actor.staff_id}"
