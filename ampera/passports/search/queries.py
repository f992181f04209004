"""Searches for books, always within one office: what can be collected comes first, then by name.

Each way of a text has few books or many. Few are fetched and sorted. Of many, those on the shelf are read in the order
of the list until it is full; only when too few of them match, the others follow in the same order. So a search never
reads all books, and its answer is that of a query over all of them (`matching`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, or_, select
from sqlalchemy.orm import Session

from ampera.passports.models import LIVE, Passport
from ampera.passports.search.models import BookWord
from ampera.passports.search.ways import Way, names, ways
from ampera.passports.states import ON_SHELF
from ampera.sql.statements import begins

LIMIT = 50
FEW = 5_000  # books that are sorted in some milliseconds

LATER = case((Passport.state.in_(ON_SHELF), 0), else_=1)
IN_ORDER = (LATER, Passport.name_key, Passport.id)


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
    first = {id_ for way in ways(text) for id_ in _first(session, office_id, way, limit)}
    return listed(session, office_id, Passport.id.in_(first), limit) if first else []


def of_pickup(session: Session, office_id: int, pickup_id: int) -> list[FoundBook]:
    """The books of a pickup of the office."""
    return listed(session, office_id, Passport.pickup_id == pickup_id, LIMIT)


def matching(text: str) -> ColumnElement[bool]:
    """The condition of this search on a book, for a query that has found its books otherwise: it uses no index."""
    return or_(false(), *(way.holds for way in ways(text)))


def listed(session: Session, office_id: int, condition: ColumnElement[bool], limit: int) -> list[FoundBook]:
    """Books of the office that fulfil the condition, in the order of the list."""
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
        .where(_of(office_id), condition)
        .order_by(*IN_ORDER)
        .limit(limit)
    )
    return [FoundBook(*row) for row in rows]


def _first(session: Session, office_id: int, way: Way, limit: int) -> Sequence[int]:
    """The ids of the first `limit` books of this way, and perhaps of some more, in no order."""
    if way.number is not None:
        candidates, is_one, in_order = select(Passport.id).where(way.number), way.number, None
    else:
        word, others = _rarest(session, office_id, way.words)
        candidates, in_order = _indexed(office_id, word, others), _in_order(office_id, word, others)
        is_one = Passport.id.in_(candidates)
    if _count(session, candidates) <= FEW:
        few = select(Passport.id).where(_of(office_id), is_one, way.holds).order_by(*IN_ORDER).limit(limit)
        return session.scalars(few).all()
    many = select(Passport.id).where(Passport.office_id == office_id, way.holds)
    many = many.order_by(Passport.name_key, Passport.id).limit(limit)
    on_shelf = session.scalars(many.where(LIVE)).all()
    if len(on_shelf) == limit:
        return on_shelf
    if in_order is None or not way.is_exact:
        return [*on_shelf, *session.scalars(many.where(Passport.state.not_in(ON_SHELF)))]
    return [*on_shelf, *session.scalars(in_order.limit(limit + len(on_shelf)))]


def _rarest(session: Session, office_id: int, words: tuple[str, ...]) -> tuple[str, list[str]]:
    """The word that the fewest books of the office have, and the others."""
    if len(words) == 1:
        return words[0], []
    rarest = min(words, key=lambda word: _count(session, _indexed(office_id, word)))
    return rarest, [word for word in words if word != rarest]


def _in_order(office_id: int, word: str, others: Sequence[str]) -> Select[Any]:
    """The same books in the order of their names; a book with two such words is there twice."""
    indexed = _indexed(office_id, word, others).add_columns(BookWord.name_key).distinct()
    return indexed.order_by(BookWord.name_key, BookWord.passport_id)


def _indexed(office_id: int, word: str, others: Sequence[str] = ()) -> Select[Any]:
    """The ids of the books of the office that have a word beginning so, and the others in their names."""
    found = select(BookWord.passport_id).where(BookWord.office_id == office_id, begins(BookWord.word, word))
    return found.where(names(BookWord.name_key, others)) if others else found


def _count(session: Session, ids: Select[Any]) -> int:
    """How many there are, or FEW + 1."""
    return session.scalar(select(func.count()).select_from(ids.limit(FEW + 1).subquery())) or 0


def _of(office_id: int) -> ColumnElement[bool]:
    """A condition that no index serves: SQLite would read all books of the office instead of the few that are named."""
    return Passport.office_id + 0 == office_id
