"""Books that a person must decide about, counted and listed by indexes of their own: an office has few of them.

The conditions are the words of the partial indexes, because SQLite takes an index only for those.
"""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from ampera.passports.deadlines import first_in_time
from ampera.passports.models import LIVE, LOCKED, READY, Passport


class BookRow(NamedTuple):
    """A book of a list. `locked_at`, `held_reason`, `issued_on` and `late_until` say why it waits."""

    id: int
    holder_name: str
    application_no: str
    shelf: str
    misses: int
    locked_at: datetime | None
    held_reason: str | None
    issued_on: date
    late_until: date | None
    updated_at: datetime


def locked_count(session: Session, office_id: int) -> int:
    """How many books on the shelf are locked, because somebody has missed too often."""
    return session.scalar(_LOCKED_COUNT, {"office": office_id}) or 0


def locked(session: Session, office_id: int, limit: int, offset: int = 0) -> list[BookRow]:
    """The locked books, the longest locked first."""
    return _rows(session, _LOCKED.order_by(Passport.locked_at, Passport.id), limit, offset, {"office": office_id})


def held_count(session: Session, office_id: int) -> int:
    return session.scalar(_HELD_COUNT, {"office": office_id}) or 0


def held(session: Session, office_id: int, limit: int, offset: int = 0) -> list[BookRow]:
    """The held books, those first that nobody has touched for longest."""
    return _rows(session, _HELD.order_by(Passport.updated_at, Passport.id), limit, offset, {"office": office_id})


def overdue_count(session: Session, office_id: int, options: dict[str, Any], today: date, days: int = 0) -> int:
    """How many ready books are past their last day by more than these days."""
    return session.scalar(_OVERDUE_COUNT, _overdue(office_id, options, today - timedelta(days=days))) or 0


def overdue(
    session: Session, office_id: int, options: dict[str, Any], today: date, limit: int, offset: int = 0
) -> list[BookRow]:
    """The overdue books, the oldest issue date first."""
    given = _overdue(office_id, options, today)
    return _rows(session, _OVERDUE.order_by(Passport.issued_on, Passport.id), limit, offset, given)


def _overdue(office_id: int, options: dict[str, Any], day: date) -> dict[str, Any]:
    return {"office": office_id, "first": first_in_time(day, options), "day": day}


def _rows(session: Session, query: Select[Any], limit: int, offset: int, given: dict[str, Any]) -> list[BookRow]:
    return [BookRow(*row) for row in session.execute(query.limit(limit).offset(offset), given)]


_OF_OFFICE = Passport.office_id == bindparam("office")
_ARE_LOCKED = (_OF_OFFICE, LOCKED, LIVE)
_ARE_HELD = (_OF_OFFICE, Passport.state == "held")
_ARE_OVERDUE = (
    _OF_OFFICE,
    READY,
    Passport.issued_on < bindparam("first"),
    Passport.late_until.is_(None) | (Passport.late_until < bindparam("day")),
)
_COLUMNS = select(*(getattr(Passport, name) for name in BookRow._fields))
_COUNT = select(func.count()).select_from(Passport)
_LOCKED_COUNT, _LOCKED = _COUNT.where(*_ARE_LOCKED), _COLUMNS.where(*_ARE_LOCKED)
_HELD_COUNT, _HELD = _COUNT.where(*_ARE_HELD), _COLUMNS.where(*_ARE_HELD)
_OVERDUE_COUNT, _OVERDUE = _COUNT.where(*_ARE_OVERDUE), _COLUMNS.where(*_ARE_OVERDUE)
