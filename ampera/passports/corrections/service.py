"""Propose, confirm and reject who a book belongs to. Two people take part in every change, and both are audited.

The audit has keyed marks, never the values: the proposal's own row keeps them for supervisors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ampera import audit, clock
from ampera.accounts.refusals import AccountRefusal
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.models import Office
from ampera.passports import fields
from ampera.passports.corrections.models import (
    CONFIRMED,
    IDENTITY,
    OPEN,
    REJECTED,
    Correction,
    columns,
    stored,
)
from ampera.passports.events import BookChanged, CorrectionDecided, FormerHolder, HolderChanged
from ampera.passports.models import Passport
from ampera.passports.refusals import PassportRefusal
from ampera.passports.states import ON_SHELF


@dataclass(frozen=True)
class Decided:
    """A proposal and its book after the act."""

    id: int
    passport_id: int
    state: str


@transaction
def propose(unit: Unit, actor: Actor, passport_id: int, values: Mapping[str, str], reason: str) -> Decided | Refused:
    """Propose other values of `IDENTITY` for a book on the shelf; an empty value proposes nothing.

    Nobody learns whether a value is the book's own: it is kept as it was typed. It replaces the open proposal.
    Refused: `not_found`, `wrong_state`, `reason_missing`, `identity_empty`, `identity_unreadable`.
    """
    book = _book(unit, actor, passport_id)
    reason = " ".join(reason.split())[: fields.MAX_REASON]
    given = {name: values[name].strip() for name in IDENTITY if values.get(name, "").strip()}
    clean = _why_not_proposed(book, given, reason) or _clean(unit, book, given)
    if isinstance(clean, Refused):
        return _refuse(unit, actor, passport_id if book else None, clean)
    row = {"office_id": actor.office_id, "passport_id": passport_id, "proposed": stored(clean), "reason": reason}
    Correction.open_all(unit.conn, [{**row, "proposed_by": actor.staff_id, "proposed_at": unit.at}])
    audit.record(
        unit, actor, "passport.correction_proposed", f"passport:{passport_id}",
        reason=reason, mark=audit.mark(unit, "identity", stored(clean)),
    )  # fmt: skip
    unit.emit(BookChanged(actor.office_id or 0, passport_id))
    found = select(Correction.id).where(Correction.passport_id == passport_id, Correction.state == OPEN)
    return Decided(unit.conn.execute(found).scalar_one(), passport_id, OPEN)


def confirm(actor: Actor, correction_id: int, has_proved: bool = False) -> Decided | Refused:
    """Give the book the proposed values. Its misses and its lock stay.

    `has_proved` means that this request contained the right password. Refused: `forbidden`, `not_found`,
    `needs_second_person` (the proposer), `fresh_sign_in_needed`, `wrong_state`, `duplicate_passport_no`.
    """
    try:
        return _confirm(actor, correction_id, has_proved)
    except IntegrityError:  # another live book has the number; nothing was written
        _note_duplicate(actor, correction_id)
        return Refused(PassportRefusal.DUPLICATE_PASSPORT_NO, 409)


@transaction
def _confirm(unit: Unit, actor: Actor, correction_id: int, has_proved: bool) -> Decided | Refused:
    row = _correction(unit, actor, correction_id)
    book = _book(unit, actor, row.passport_id) if row else None
    refusal = _why_not_decided(unit, actor, row, book, has_proved)
    if refusal or row is None or book is None:
        return _refuse(unit, actor, row and row.passport_id, refusal or Refused(Refusal.NOT_FOUND, 404))
    new = columns(row.proposed)
    before = stored({name: getattr(book, name) for name in new})
    if not _decide(unit, actor, correction_id, CONFIRMED, before):
        return _refuse(unit, actor, row.passport_id, Refused(Refusal.WRONG_STATE, 409))
    if "holder_name" in new:
        new["name_key"] = fields.name_key(new["holder_name"])
    if new.get("passport_no", book.passport_no) != book.passport_no:
        new["is_old_twin"] = None
    unit.conn.execute(update(Passport).where(Passport.id == book.id).values(updated_at=unit.at, **new))
    marks = {"before": audit.mark(unit, "identity", before), "mark": audit.mark(unit, "identity", row.proposed)}
    subject = f"passport:{book.id}"
    audit.record(unit, actor, "passport.correction_confirmed", subject, correction=correction_id, **marks)
    Office.raise_revision(unit.conn, row.office_id)
    unit.emit(BookChanged(row.office_id, book.id))
    unit.emit(CorrectionDecided(actor, book.id, correction_id, CONFIRMED, row.proposed_at))
    unit.emit(HolderChanged(row.office_id, FormerHolder(book.id, book.holder_name, book.phone, book.email)))
    return Decided(correction_id, book.id, CONFIRMED)


@transaction
def _note_duplicate(unit: Unit, actor: Actor, correction_id: int) -> None:
    """The answer tells that a book has the number: the audit knows who asked."""
    row = _correction(unit, actor, correction_id)
    _refuse(unit, actor, row.passport_id, Refused(PassportRefusal.DUPLICATE_PASSPORT_NO, 409))


@transaction
def reject(unit: Unit, actor: Actor, correction_id: int, has_proved: bool = False) -> Decided | Refused:
    """Leave the book as it is. Refused like `confirm`."""
    row = _correction(unit, actor, correction_id)
    book = _book(unit, actor, row.passport_id) if row else None
    refusal = _why_not_decided(unit, actor, row, book, has_proved)
    if refusal is None and not _decide(unit, actor, correction_id, REJECTED, None):
        refusal = Refused(Refusal.WRONG_STATE, 409)
    if refusal or row is None:
        return _refuse(unit, actor, row and row.passport_id, refusal or Refused(Refusal.NOT_FOUND, 404))
    subject = f"passport:{row.passport_id}"
    audit.record(unit, actor, "passport.correction_rejected", subject, correction=correction_id)
    Office.raise_revision(unit.conn, row.office_id)
    unit.emit(BookChanged(row.office_id, row.passport_id))
    unit.emit(CorrectionDecided(actor, row.passport_id, correction_id, REJECTED, row.proposed_at))
    return Decided(correction_id, row.passport_id, REJECTED)


def _why_not_proposed(book: Any, given: Mapping[str, str], reason: str) -> Refused | None:
    if book is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if book.state not in ON_SHELF:
        return Refused(Refusal.WRONG_STATE, 409)
    if not given:
        return Refused(PassportRefusal.IDENTITY_EMPTY, 422, {"holder_name": PassportRefusal.IDENTITY_EMPTY})
    return None if reason else Refused(Refusal.REASON_MISSING, 422, {"reason": Refusal.REASON_MISSING})


def _why_not_decided(unit: Unit, actor: Actor, row: Any, book: Any, has_proved: bool) -> Refused | None:
    if actor.role != "supervisor":
        return Refused(Refusal.FORBIDDEN, 403)
    if row is None:
        return Refused(Refusal.NOT_FOUND, 404)
    if actor.staff_id is None or row.proposed_by == actor.staff_id:
        return Refused(PassportRefusal.NEEDS_SECOND_PERSON, 409)
    if not (has_proved or actor.is_fresh(unit.at)):
        return Refused(AccountRefusal.FRESH_SIGN_IN_NEEDED, 403)
    return None if book is not None and book.state in ON_SHELF else Refused(Refusal.WRONG_STATE, 409)


def _clean(unit: Unit, book: Any, given: Mapping[str, str]) -> dict[str, Any] | Refused:
    """The given values as a book keeps them. Only what was given is judged, so that nothing of the book shows."""
    office = unit.session.get_one(Office, book.office_id)
    today = clock.local(unit.at, office.timezone).date()
    others = {"application_no": book.application_no, "kind": book.kind, "issued_on": today} | _POSSIBLE
    record, problems = fields.record(others | dict(given), today)
    if record is None:
        wrong = {problem.field: PassportRefusal.IDENTITY_UNREADABLE for problem in problems}
        return Refused(PassportRefusal.IDENTITY_UNREADABLE, 422, wrong)
    return {name: getattr(record, name) for name in given}


def _decide(unit: Unit, actor: Actor, correction_id: int, state: str, before: Mapping[str, Any] | None) -> bool:
    """Whether this decision was the first one."""
    return (
        unit.conn.execute(
            update(Correction)
            .where(Correction.id == correction_id, Correction.state == OPEN)
            .values(state=state, before=before, decided_by=actor.staff_id, decided_at=unit.at)
        ).rowcount
        == 1
    )


def _correction(unit: Unit, actor: Actor, correction_id: int) -> Any:
    table = Correction.__table__
    found = select(table).where(Correction.id == correction_id, Correction.office_id == actor.office_id)
    return unit.conn.execute(found).one_or_none()


def _book(unit: Unit, actor: Actor, passport_id: int) -> Any:
    """The book, locked until the end of the transaction."""
    table = Passport.__table__
    found = select(table).where(Passport.id == passport_id, Passport.office_id == actor.office_id)
    return unit.conn.execute(found.with_for_update()).one_or_none()


def _refuse(unit: Unit, actor: Actor, passport_id: int | None, refusal: Refused) -> Refused:
    subject = f"passport:{passport_id}" if passport_id else f"office:{actor.office_id}"
    audit.record(unit, actor, "passport.correction_refused", subject, code=refusal.code)
    return refusal


# Values that are possible with any given one, in place of those that were not given.
_POSSIBLE = {
    "passport_no": "X0000000",
    "holder_name": "Contoh",
    "birth_date": date(1900, 1, 1),
    "shelf": "A",
}
