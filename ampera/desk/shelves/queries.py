"""Reads of a shelf check: the racks of an office with their last check, and one rack compared with scanned numbers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ampera.accounts.models import Staff
from ampera.audit import AuditEntry
from ampera.passports import shelf_check
from ampera.passports.models import Passport
from ampera.passports.shelf_check import RackBook, RackRow
from ampera.passports.shelf_order import racks_of, stands_in
from ampera.passports.states import ON_SHELF
from ampera.visits.models import Pick

ACTION = "shelf.checked"
MOST_ROWS = 1000  # of the audit, for one list


@dataclass(frozen=True)
class Rack:
    """A rack of the list: the number of books on record, and its last check."""

    name: str
    books: int
    checked_at: datetime | None = None
    checked_by: str = ""
    counts: Any = None


def subject(rack: str) -> str:
    return f"shelf:{rack}"


def racks(session: Session, office_id: int) -> list[Rack]:
    """The racks and their parts that have books now, each with its last check."""
    shelves = session.scalars(
        select(Passport.shelf).where(Passport.office_id == office_id, Passport.state.in_(ON_SHELF))
    )
    found = racks_of(shelves)
    checks = _last_checks(session, office_id, [subject(name) for name, _ in found])
    return [Rack(name, books, *checks.get(subject(name), ())) for name, books in found]


def _last_checks(session: Session, office_id: int, subjects: list[str]) -> dict[str, tuple[Any, ...]]:
    query = (
        select(AuditEntry.subject, AuditEntry.at, AuditEntry.details, Staff.name)
        .outerjoin(Staff, Staff.id == AuditEntry.staff_id)
        .where(AuditEntry.subject.in_(subjects), AuditEntry.chain == office_id, AuditEntry.action == ACTION)
        .order_by(AuditEntry.id.desc())
        .limit(MOST_ROWS)
    )
    rows = reversed(session.execute(query).all())
    return {row.subject: (row.at, row.name or "", json.loads(row.details)) for row in rows}


def compared(session: Session, office_id: int, rack: str, typed: Sequence[str]) -> list[RackRow]:
    """Every book of the rack and every scanned number with its verdict."""
    recorded = [book for book in _books(session, office_id, _begins_like(rack)) if stands_in(book.shelf, rack)]
    asked = [number for number in typed if shelf_check.is_number(number)]
    known = _books(session, office_id, Passport.passport_no.in_(asked), is_on_shelf=False) if asked else []
    return shelf_check.compare(rack, recorded, known, typed)


def unknown(rows: Sequence[RackRow]) -> list[str]:
    """The numbers that no book of the office has."""
    return [row.typed for row in rows if row.why == "unknown" and row.typed]


def _begins_like(rack: str) -> Any:
    """A coarse filter: books whose shelf contains the rack's first letter. `stands_in` decides."""
    first = next(char for char in rack.upper() if char.isalnum())
    return func.upper(Passport.shelf).contains(first, autoescape=True) if not first.isdigit() else Passport.shelf != ""


def _books(session: Session, office_id: int, condition: Any, is_on_shelf: bool = True) -> list[RackBook]:
    query = (
        select(Passport.id, Passport.passport_no, Passport.holder_name, Passport.shelf, Passport.state, Pick.state)
        .outerjoin(Pick, Pick.passport_id == Passport.id)
        .where(Passport.office_id == office_id, condition)
    )
    if is_on_shelf:
        query = query.where(Passport.state.in_(ON_SHELF))
    return [RackBook(*row) for row in session.execute(query)]
