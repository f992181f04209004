"""Searches for books, always within one office: what can be collected comes first, then by name.

Each way of a text has few books or many. Few are fetched and sorted. Of many, those on the shelf are read in the order
of the list until it is full; only when too few of them match, the others follow in the same order. So a search never
reads all books, and its answer is that of a query over all of them (`matching`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, bindparam, case, false, func, or_, select
from sqlalchemy.orm import Session

from ampera.passports.models import LIVE, Passport
from ampera.passports.search.models import BookWord
from ampera.passports.search.ways import ARE_EXACT, Way, condition, names, pattern, ways
from ampera.passports.states import ON_SHELF
from ampera.sql.statements import LAST_CHAR, ColumnSelect

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
    conn = session.connection()
    first = {id_ for way in ways(text) for id_ in _first(conn, office_id, way, limit)}
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


@dataclass(frozen=True)
class _Reads:
    """The statements of one kind of way; each gives ids of books. They take the parameters of `_first`."""

    count: ColumnSelect[int]
    few: ColumnSelect[int]
    on_shelf: ColumnSelect[int]
    others: ColumnSelect[int]


@lru_cache(maxsize=64)
def _reads(kind: str, values: int, words: int) -> _Reads:
    """The statements for this many values and, of a way with words, this many words."""
    holds = condition(kind, [bindparam(f"value{n}") for n in range(values)])
    office, limit = Passport.office_id == bindparam("office"), bindparam("limit", type_=Integer)
    in_order = select(Passport.id).where(office, holds).order_by(Passport.name_key, Passport.id).limit(limit)
    others, candidates = in_order.where(Passport.state.not_in(ON_SHELF)), select(Passport.id).where(holds)
    is_candidate = holds
    if words:
        candidates = _indexed(words - 1)
        is_candidate = and_(Passport.id.in_(candidates), holds)
    if kind in ARE_EXACT:
        # All of them in the order of names. A book with two such words is there twice.
        others = candidates.add_columns(BookWord.name_key).distinct().order_by(BookWord.name_key, BookWord.passport_id)
        others = select(others.limit(limit).subquery().c.passport_id)
    few = select(Passport.id).where(_of(bindparam("office")), is_candidate).order_by(*IN_ORDER).limit(limit)
    return _Reads(
        ColumnSelect(_counted(candidates)), ColumnSelect(few), ColumnSelect(in_order.where(LIVE)), ColumnSelect(others)
    )


def _first(conn: Connection, office_id: int, way: Way, limit: int) -> Sequence[int]:
    """The ids of the first `limit` books of this way, and perhaps of some more, in no order."""
    reads = _reads(way.kind, len(way.values), len(way.words))
    given: dict[str, Any] = {f"value{n}": value for n, value in enumerate(way.values)}
    if way.words:
        given |= {"office": office_id, **_by_rarest(conn, office_id, way.words)}
    if reads.count.required(conn, most=FEW + 1, **given) <= FEW:
        return reads.few.all(conn, **given | {"office": office_id, "limit": limit})
    values = {name: value for name, value in given.items() if name.startswith("value")}
    on_shelf = reads.on_shelf.all(conn, office=office_id, limit=limit, **values)
    if len(on_shelf) == limit:
        return on_shelf
    return [*on_shelf, *reads.others.all(conn, **given | {"office": office_id, "limit": limit + len(on_shelf)})]


def _by_rarest(conn: Connection, office_id: int, words: tuple[str, ...]) -> dict[str, str]:
    """The parameters of the index: the word that the fewest books of the office have, and patterns of the others."""
    rarest = words[0]
    if len(words) > 1:
        counts = {word: _OF_WORD.required(conn, office=office_id, most=FEW + 1, **_range(word)) for word in words}
        rarest = min(words, key=lambda word: counts[word])
    others = [word for word in words if word != rarest]
    return _range(rarest) | {f"other{n}": pattern(word) for n, word in enumerate(others)}


def _range(word: str) -> dict[str, str]:
    return {"word": word, "end": word + LAST_CHAR}


def _indexed(others: int) -> Select[Any]:
    """The ids of the books of the office that have a word beginning so, and this many others in their names."""
    is_there = BookWord.word >= bindparam("word"), BookWord.word < bindparam("end")
    patterns: list[Any] = [bindparam(f"other{n}") for n in range(others)]
    found = select(BookWord.passport_id).where(BookWord.office_id == bindparam("office"), *is_there)
    return found.where(names(BookWord.name_key, patterns)) if patterns else found


def _counted(ids: Select[Any]) -> Select[int]:
    """How many there are, at most `most`."""
    return select(func.count()).select_from(ids.limit(bindparam("most", type_=Integer)).subquery())


def _of(office_id: Any) -> ColumnElement[bool]:
    """A condition that no index serves: SQLite would read all books of the office instead of the few that are named."""
    return Passport.office_id + 0 == office_id


_OF_WORD = ColumnSelect(_counted(_indexed(0)))
