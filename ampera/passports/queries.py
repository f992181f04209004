"""Searches for books by part of a name, an application number, a phone number or a shelf; always within one office.

The number of a book is found as a whole only: it must come from the book in the hand.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, false, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from ampera.audit import AuditEntry
from ampera.passports import fields
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF, State
from ampera.statements import Reader, in_batches
from ampera.typed_text import folded, joined_words, typed

LIMIT = 50
MAX_TEXT = 100
UNLOCKS_A_DAY = 3  # of one book, so that a supervisor who guesses learns nothing either
FEWEST_DIGITS = 3  # fewer digits are a shelf, not a number

_SEPARATORS = re.compile(r"[\s./()\u2010-\u2015-]+")


@dataclass(frozen=True)
class FoundBook:
    """A book of a list: no NIK, no birth date, no passport number (only the physical book shows it)."""

    id: int
    pickup_id: int | None
    holder_name: str
    application_no: str
    state: str
    shelf: str
    issued_on: date
    late_until: date | None


def found(session: Session, office_id: int, text: str, limit: int = LIMIT) -> list[FoundBook]:
    """Books of the office that match the text, at most `limit`: those that can be collected first, then by name."""
    return _list(session, office_id, matching(text), limit)


def of_pickup(session: Session, office_id: int, pickup_id: int) -> list[FoundBook]:
    """The books of a pickup of the office."""
    return _list(session, office_id, Passport.pickup_id == pickup_id, LIMIT)


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


def matching(text: str) -> ColumnElement[bool]:
    """The condition for what a person typed: every word begins a word of the name, or it is (part of) a number.

    A passport number matches as a whole only: a part of it proves the book at the window, and nobody may find it out.
    100,000 books are read through in about 40 ms; callers do it off the loop (`db.long_read_in_thread`).
    """
    text = typed(text)[:MAX_TEXT]
    names = {folded(text), joined_words(text)} - {""}
    joined = _SEPARATORS.sub("", text).upper()
    if not joined:
        return false()
    conditions = [_begins(func.upper(Passport.shelf), text.upper())]
    for words in names:
        name = literal(" ") + Passport.name_key
        conditions.append(and_(*(name.contains(f" {word}", autoescape=True) for word in words.split())))
    if is_book_number(text):
        conditions.append(Passport.passport_no == joined)
    digits = joined.removeprefix("+")
    if digits.isascii() and digits.isdecimal() and len(digits) >= FEWEST_DIGITS:
        conditions += [
            _begins(Passport.application_no, digits),
            Passport.application_no.endswith(digits),
            *(_begins(Passport.phone, start) for start in _phone_starts(digits)),
        ]
    return or_(*conditions)


def is_book_number(text: str) -> bool:
    """Whether the text can be the whole number of a book. Such searches are rate-limited, so that nobody can try."""
    joined = _SEPARATORS.sub("", typed(text)).upper()
    return fields.is_document_no(joined) and any(char.isdigit() for char in joined)


def _phone_starts(digits: str) -> Sequence[str]:
    """How the stored number (E.164) may begin for digits typed as 08…, 628… or 8…."""
    if digits.startswith("0"):
        return (f"+62{digits[1:]}",)
    return f"+{digits}", f"+62{digits}"


def _begins(column: ColumnElement[Any] | InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    return column.startswith(text, autoescape=True)


def _list(session: Session, office_id: int, condition: ColumnElement[bool], limit: int) -> list[FoundBook]:
    later = case((Passport.state.in_((State.READY, State.HELD)), 0), else_=1)
    rows = session.execute(
        select(
            Passport.id,
            Passport.pickup_id,
            Passport.holder_name,
            Passport.application_no,
            Passport.state,
            Passport.shelf,
            Passport.issued_on,
            Passport.late_until,
        )
        .where(Passport.office_id == office_id, condition)
        .order_by(later, Passport.name_key, Passport.id)
        .limit(limit)
    )
    return [FoundBook(*row) for row in rows]


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
