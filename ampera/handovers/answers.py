"""The answers that are stored under idempotency keys: the safe question after a lost answer is the same request again.

Rows of the register refer to their key (foreign key), so a handover writes the key first (`reserve`) and the answer
last (`store`), both in its one transaction.
"""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from ampera.audit import Actor
from ampera.db import Unit
from ampera.errors import Refusal, Refused
from ampera.handovers.models import RECORDED, HandoverKey
from ampera.handovers.submission import Answer
from ampera.sql.statements import TypedSelect, Write, upsert

RESERVED = 0  # seen by nobody: the transaction that reserves a key stores its answer or rolls back


class StoredAnswer(NamedTuple):
    """The answer under a key: of a handover (RECORDED), or a counted mismatch with its own status."""

    office_id: int
    body_hash: str
    status: int
    answer: dict[str, Any]


class AnswerKey(NamedTuple):
    """The key of a submission with the hash of its body. `is_known` when an answer was stored under it before."""

    key: str
    body_hash: str
    is_known: bool


def stored_answer(unit: Unit, key: str) -> StoredAnswer | None:
    """What is stored under this key, in any office."""
    return _STORED.first(unit.conn, key=key)


def recorded_answer(session: Session, office_id: int, key: str) -> dict[str, Any] | None:
    """The answer of the handover that was recorded under this key in this office; None without one."""
    stored = _STORED.first(session, key=key)
    if stored is None or stored.office_id != office_id or stored.status != RECORDED:
        return None
    return stored.answer


def repeated(stored: StoredAnswer, body_hash: str, office_id: int | None) -> Answer | Refused | None:
    """The stored answer when the same body came again.

    A corrected body may follow a mismatch (None). Any other body under a used key is refused: `key_reused`.
    """
    if stored.body_hash == body_hash:
        return Answer(stored.answer, False) if stored.status == RECORDED else Refused(**stored.answer)
    if stored.status == RECORDED or stored.office_id != office_id:
        return Refused(Refusal.KEY_REUSED, 422, {"key": Refusal.KEY_REUSED})
    return None


def reserve(unit: Unit, actor: Actor, key: AnswerKey) -> None:
    """Insert the key, so that rows may refer to it. A key that is known after a mismatch exists already."""
    if not key.is_known:
        _RESERVE.run(unit.conn, **_row(unit, actor, key, RESERVED, {}))


def store(unit: Unit, actor: Actor, key: AnswerKey, status: int, answer: dict[str, Any]) -> None:
    """Store the answer under its key. The answer of a corrected body replaces an earlier mismatch."""
    _STORE.run(unit.conn, **_row(unit, actor, key, status, answer))


def _row(unit: Unit, actor: Actor, key: AnswerKey, status: int, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": key.key,
        "office_id": actor.office_id,
        "body_hash": key.body_hash,
        "status": status,
        "answer": answer,
        "at": unit.at,
    }


_STORED = TypedSelect(
    StoredAnswer,
    select(HandoverKey.office_id, HandoverKey.body_hash, HandoverKey.status, HandoverKey.answer).where(
        HandoverKey.key == bindparam("key")
    ),
)
_RESERVE = Write(insert(HandoverKey))
_STORE = Write(upsert(HandoverKey, ["key"], ("body_hash", "status", "answer", "at")))
