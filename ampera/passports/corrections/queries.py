"""Open proposals: of some books for an intake, of one book for its page, and of an office for its supervisors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from ampera.accounts.models import Staff
from ampera.passports.corrections.models import CONFIRMED, OPEN, Correction
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.sql.statements import in_batches

MOST = 200  # on the page; the oldest ones come first


@dataclass(frozen=True)
class OpenCorrection:
    """An open proposal as supervisors see it. The proposer never sees `proposed`: it would answer a guess."""

    id: int
    passport_id: int
    holder_name: str
    application_no: str
    shelf: str
    proposed: dict[str, Any]
    reason: str
    proposer_id: int | None
    proposer: str | None
    at: datetime


@dataclass(frozen=True)
class Confirmed:
    """A correction that counts: for supervisors only."""

    at: datetime
    before: dict[str, Any]
    proposer: str | None
    confirmer: str | None
    reason: str


def proposed_of(session: Session, passport_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What is proposed for these books, by their id."""
    found: dict[int, dict[str, Any]] = {}
    for some in in_batches(sorted(passport_ids)):
        found |= {row.passport_id: row.proposed for row in session.execute(_PROPOSED, {"books": some})}
    return found


def open_of(session: Session, office_id: int, passport_id: int | None = None) -> list[OpenCorrection]:
    """The open proposals of the office for books on the shelf, oldest first; with `passport_id` those of one book."""
    found = _OPEN.where(Correction.office_id == office_id)
    if passport_id is not None:
        found = found.where(Correction.passport_id == passport_id)
    return [OpenCorrection(*row) for row in session.execute(found.order_by(Correction.id).limit(MOST))]


def open_count(session: Session, office_id: int) -> int:
    """How many proposals of the office wait for a second person."""
    return session.scalar(_COUNT, {"office_id": office_id}) or 0


def confirmed_of(session: Session, office_id: int, passport_id: int) -> list[Confirmed]:
    """What confirmed proposals changed of this book, with the values before, oldest first."""
    return [Confirmed(*row) for row in session.execute(_CONFIRMED, {"office_id": office_id, "p": passport_id})]


_PROPOSED = select(Correction.passport_id, Correction.proposed).where(
    Correction.state == OPEN, Correction.passport_id.in_(bindparam("books", expanding=True))
)
_OPEN = (
    select(
        Correction.id,
        Correction.passport_id,
        Passport.holder_name,
        Passport.application_no,
        Passport.shelf,
        Correction.proposed,
        Correction.reason,
        Correction.proposed_by,
        Staff.name,
        Correction.proposed_at,
    )
    .join(Passport, Passport.id == Correction.passport_id)
    .outerjoin(Staff, Staff.id == Correction.proposed_by)
    .where(Correction.state == OPEN, Passport.state.in_(ON_SHELF))
)
_COUNT = (
    select(func.count())
    .select_from(Correction)
    .join(Passport, Passport.id == Correction.passport_id)
    .where(Correction.office_id == bindparam("office_id"), Correction.state == OPEN, Passport.state.in_(ON_SHELF))
)
_Confirmer = aliased(Staff)
_CONFIRMED = (
    select(Correction.decided_at, Correction.before, Staff.name, _Confirmer.name, Correction.reason)
    .outerjoin(Staff, Staff.id == Correction.proposed_by)
    .outerjoin(_Confirmer, _Confirmer.id == Correction.decided_by)
    .where(
        Correction.state == CONFIRMED,
        Correction.office_id == bindparam("office_id"),
        Correction.passport_id == bindparam("p"),
    )
    .order_by(Correction.id)
)
