"""Reads of books: one of an office, those that share a number, and how often a book was unlocked."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from ampera.audit import AuditEntry
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.sql.statements import Reader, in_batches

UNLOCKS_A_DAY = 3  # of one book, so that a supervisor who guesses learns nothing either


def book(session: Session, office_id: int, passport_id: int) -> Passport | None:
    """One book of this office."""
    return session.scalar(select(Passport).where(Passport.id == passport_id, Passport.office_id == office_id))


class BookNumber(NamedTuple):
    """What no two live books of an office have in common."""

    kind: str
    passport_no: str


def live_applications(session: Session, office_id: int, numbers: Iterable[str]) -> dict[BookNumber, set[str]]:
    """The applications whose live books have one of these numbers."""
    found: dict[BookNumber, set[str]] = {}
    for some in in_batches(sorted(numbers)):
        for kind, passport_no, application_no in session.execute(_LIVE, {"office_id": office_id, "numbers": some}):
            found.setdefault(BookNumber(kind, passport_no), set()).add(application_no)
    return found


def has_live_twin(conn: Connection, passport_id: int) -> bool:
    """Whether another live book of the office has the number and the kind of this book."""
    return conn.execute(_TWIN, {"p": passport_id}).first() is not None


def doubled(session: Session) -> list[tuple[int, list[str]]]:
    """The applications whose live books share a number: (office id, applications) for each number."""
    key = (Passport.office_id, Passport.kind, Passport.passport_no)
    shared = select(*key).where(Passport.state.in_(ON_SHELF)).group_by(*key).having(func.count() > 1).subquery()
    rows = session.execute(
        select(*key, Passport.application_no)
        .join(shared, and_(*(column == shared.c[column.key] for column in key)))
        .where(Passport.state.in_(ON_SHELF))
        .order_by(*key, Passport.id)
    )
    return [(found[0], [row.application_no for row in group]) for found, group in groupby(rows, lambda row: row[:3])]


def may_unlock(reader: Reader, passport_id: int, at: datetime) -> bool:
    """Whether this book was unlocked less often than UNLOCKS_A_DAY in the 24 hours before `at`."""
    counted = {"subject": f"passport:{passport_id}", "since": at - timedelta(days=1)}
    return reader.execute(_UNLOCKED, counted).scalar_one() < UNLOCKS_A_DAY


_Other = aliased(Passport)
_LIVE = select(Passport.kind, Passport.passport_no, Passport.application_no).where(
    Passport.office_id == bindparam("office_id"),
    Passport.state.in_(ON_SHELF),
    Passport.passport_no.in_(bindparam("numbers", expanding=True)),
)
_TWIN = (
    select(_Other.id)
    .join(
        Passport,
        and_(
            Passport.office_id == _Other.office_id,
            Passport.kind == _Other.kind,
            Passport.passport_no == _Other.passport_no,
            Passport.id != _Other.id,
        ),
    )
    .where(Passport.id == bindparam("p"), _Other.state.in_(ON_SHELF))
    .limit(1)
)
_UNLOCKED = (
    select(func.count())
    .select_from(AuditEntry)
    .where(
        AuditEntry.subject == bindparam("subject"),
        AuditEntry.action == "passport.unlocked",
        AuditEntry.at > bindparam("since"),
    )
)
