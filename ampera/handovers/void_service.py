"""The void of a record: it needs a second person, a fresh sign-in, a reason, and the book.

The book is the lock on the way back too: its number is typed from the book in the hand before it goes to a named shelf.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from ampera import audit
from ampera.accounts.refusals import AccountRefusal
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.handovers.copies.queries import void_columns
from ampera.handovers.digest import void_digest
from ampera.handovers.events import HandoverVoided
from ampera.handovers.evidence import MATCH, MISSING, check_book
from ampera.handovers.models import Handover
from ampera.handovers.refusals import HandoverRefusal
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports import queries as passports
from ampera.passports.models import Passport
from ampera.passports.refusals import PassportRefusal
from ampera.pickups.events import BookCameBack
from ampera.sql.statements import TypedSelect

MAX_REASON = 300
MAX_SHELF = 40


class HandoverRow(NamedTuple):
    """The record that is to be voided, with the misses and the lock of its book and the options of its office."""

    number: int
    office_id: int
    officer_id: int
    pickup_id: int
    passport_id: int
    passport_no: str
    voided_at: datetime | None
    misses: int
    locked_at: datetime | None
    options: dict[str, Any]


@dataclass(frozen=True)
class Voided:
    """The voided record: its id, its number in the register, and the time of the void."""

    handover_id: int
    number: int
    at: datetime


@transaction
def void(
    unit: Unit, actor: Actor, handover_id: int, reason: str, shelf: str, book: str, has_proved: bool = False
) -> Voided | Refused:
    """Mark the record void; the row stays. The book is ready again on `shelf`, and its pickup gets a new code.

    `book` is the number in the physical book, or its last four; a wrong one counts as one miss of the book.
    `has_proved` means that this request contained the right password. Refused: `forbidden`, `not_found`,
    `reason_missing`, `evidence_missing`, `duplicate_passport_no` (another book on the shelf has its number now),
    `same_officer`, `fresh_sign_in_needed`, `wrong_state` (already void), `locked`, `book_mismatch`.
    """
    row = _HANDOVER.first(unit.conn, h=handover_id, office_id=actor.office_id)
    refusal = _refusal(unit, actor, row, {"reason": reason, "shelf": shelf, "book": book}, has_proved)
    if refusal is None and row:
        refusal = _wrong_book(unit, actor, handover_id, row, book)
    reason, shelf = reason.strip()[:MAX_REASON], shelf.strip()[:MAX_SHELF]
    marks: dict[str, Any] = {}
    if refusal is None:
        marks = _marks(unit, actor, reason, shelf)
        if not unit.conn.execute(_VOID, {"h": handover_id, **marks}).rowcount:
            refusal = Refused(Refusal.WRONG_STATE, 409)
    if refusal or row is None:
        audit.record(unit, actor, "handover.void_refused", f"handover:{handover_id}", why=refusal and refusal.code)
        return refusal or Refused(Refusal.NOT_FOUND, 404)
    unit.conn.execute(_BACK, {"p": row.passport_id, "shelf": shelf, "updated_at": unit.at})
    audit.record(
        unit, actor, "handover.voided", f"passport:{row.passport_id}", handover=handover_id, number=row.number,
        reason=reason, shelf=shelf, digest=void_digest({"id": handover_id, **marks}),
    )  # fmt: skip
    unit.emit(BookCameBack(actor, row.pickup_id, reason))
    Office.raise_revision(unit.conn, row.office_id)
    unit.emit(HandoverVoided(row.office_id, row.pickup_id, row.passport_id))
    return Voided(handover_id, row.number, unit.at)


def _refusal(
    unit: Unit, actor: Actor, row: HandoverRow | None, given: Mapping[str, str], has_proved: bool
) -> Refused | None:
    if actor.role != "supervisor":
        return Refused(Refusal.FORBIDDEN, 403)
    if row is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if empty := _empty(row, given):
        return Refused(next(iter(empty.values())), 422, empty)
    if passports.has_live_twin(unit.conn, row.passport_id):
        return Refused(PassportRefusal.DUPLICATE_PASSPORT_NO, 409)
    if row.officer_id == actor.staff_id:
        return Refused(HandoverRefusal.SAME_OFFICER, 409)
    if not (has_proved or actor.is_fresh(unit.at)):
        return Refused(AccountRefusal.FRESH_SIGN_IN_NEEDED, 403)
    if row.voided_at:
        return Refused(Refusal.WRONG_STATE, 409)
    return Refused(HandoverRefusal.LOCKED, 409) if row.locked_at else None


def _empty(row: HandoverRow, given: Mapping[str, str]) -> dict[str, Any]:
    """The fields without a text. A book without a letter or digit is none: it is no miss either."""
    empty: dict[str, Any] = {name: Refusal.REASON_MISSING for name in ("reason", "shelf") if not given[name].strip()}
    if check_book(row.passport_no, given["book"]) == MISSING:
        empty["book"] = HandoverRefusal.EVIDENCE_MISSING
    return empty


def _wrong_book(unit: Unit, actor: Actor, handover_id: int, row: HandoverRow, book: str) -> Refused | None:
    """Judged last, after all rights: who may not void this record learns nothing about its book."""
    if check_book(row.passport_no, book) == MATCH:
        return None
    left = max(0, option(row.options, "identity_tries") - row.misses)
    audit.record(unit, actor, "handover.void_mismatch", f"passport:{row.passport_id}", handover=handover_id)
    Passport.count_miss(unit, actor, row.office_id, row.passport_id, left)
    code = HandoverRefusal.BOOK_MISMATCH
    return Refused(code, 422, {"book": code}, {"tries_left": max(0, left - 1)})


def _marks(unit: Unit, actor: Actor, reason: str, shelf: str) -> dict[str, Any]:
    return void_columns(unit.conn, unit.at, actor.staff_id, reason, shelf)


_HANDOVER = TypedSelect(
    HandoverRow,
    select(
        Handover.number,
        Handover.office_id,
        Handover.officer_id,
        Handover.pickup_id,
        Handover.passport_id,
        Handover.passport_no,
        Handover.voided_at,
        Passport.misses,
        Passport.locked_at,
        Office.options,
    )
    .join(Passport, Passport.id == Handover.passport_id)
    .join(Office, Office.id == Handover.office_id)
    .where(Handover.id == bindparam("h"), Handover.office_id == bindparam("office_id")),
).locked(Passport)  # of two wrong numbers at the same time, each is counted
# Conditional: of two voids at the same time, one finds no live row.
_VOID = update(Handover).where(Handover.id == bindparam("h"), Handover.voided_at.is_(None))
_BACK = (
    update(Passport)
    .where(Passport.id == bindparam("p"), Passport.state == "collected")
    .values(state="ready", collected_at=None, collected_lane=None, collected_by=None)
)
