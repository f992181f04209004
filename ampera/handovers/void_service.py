"""The void of a record: it needs a second person, a fresh sign-in, a reason, and the book back on a named shelf."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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
from ampera.handovers.models import Handover
from ampera.handovers.refusals import HandoverRefusal
from ampera.offices.models import Office
from ampera.passports import queries as passports
from ampera.passports.models import Passport
from ampera.passports.refusals import PassportRefusal
from ampera.pickups.events import BookCameBack
from ampera.statements import TypedSelect

FRESH = timedelta(minutes=10)
MAX_REASON = 300
MAX_SHELF = 40


class HandoverRow(NamedTuple):
    """The record that is to be voided."""

    number: int
    office_id: int
    officer_id: int
    pickup_id: int
    passport_id: int


@dataclass(frozen=True)
class Voided:
    """The voided record: its id, its number in the register, and the time of the void."""

    handover_id: int
    number: int
    at: datetime


@transaction
def void(
    unit: Unit, actor: Actor, handover_id: int, reason: str, shelf: str, has_proved: bool = False
) -> Voided | Refused:
    """Mark the record void; the row stays. The book is ready again on `shelf`, and its pickup gets a new code.

    `has_proved` means that this request contained the right password. Refused: `forbidden`, `not_found`,
    `reason_missing`, `duplicate_passport_no` (another book on the shelf has its number now), `same_officer`,
    `fresh_sign_in_needed`, `wrong_state` (already void).
    """
    row = _HANDOVER.first(unit.conn, h=handover_id, office_id=actor.office_id)
    refusal = _refusal(unit, actor, row, reason, shelf, has_proved)
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
    unit: Unit, actor: Actor, row: HandoverRow | None, reason: str, shelf: str, has_proved: bool
) -> Refused | None:
    if actor.role != "supervisor":
        return Refused(Refusal.FORBIDDEN, 403)
    if row is None:
        return Refused(Refusal.NOT_FOUND, 404)
    given = {"reason": reason, "shelf": shelf}
    empty = {name: Refusal.REASON_MISSING for name, text in given.items() if not text.strip()}
    if empty:
        return Refused(Refusal.REASON_MISSING, 422, empty)
    if passports.has_live_twin(unit.conn, row.passport_id):
        return Refused(PassportRefusal.DUPLICATE_PASSPORT_NO, 409)
    if row.officer_id == actor.staff_id:
        return Refused(HandoverRefusal.SAME_OFFICER, 409)
    is_fresh = actor.proved_at is not None and unit.at - actor.proved_at < FRESH
    return None if has_proved or is_fresh else Refused(AccountRefusal.FRESH_SIGN_IN_NEEDED, 403)


def _marks(unit: Unit, actor: Actor, reason: str, shelf: str) -> dict[str, Any]:
    return void_columns(unit.conn, unit.at, actor.staff_id, reason, shelf)


_HANDOVER = TypedSelect(
    HandoverRow,
    select(*(getattr(Handover, name) for name in HandoverRow._fields)).where(
        Handover.id == bindparam("h"), Handover.office_id == bindparam("office_id")
    ),
)
# Conditional: of two voids at the same time, one finds no live row.
_VOID = update(Handover).where(Handover.id == bindparam("h"), Handover.voided_at.is_(None))
_BACK = (
    update(Passport)
    .where(Passport.id == bindparam("p"), Passport.state == "collected")
    .values(state="ready", collected_at=None, collected_lane=None, collected_by=None)
)
