"""The comparison of a rack with the record: books that are there, are missing, or do not belong there. Pure.

Only a text in the form of a passport number is compared. Any other text, also a pickup code, is `unreadable` and is
never returned in full.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ampera.passports.shelf_order import pieces, stands_in, walk_key
from ampera.passports.states import ON_SHELF
from ampera.typed_text import typed

HERE, AWAY, MISSING, FOREIGN, SURPLUS = "here", "away", "missing", "foreign", "surplus"
VERDICTS = (FOREIGN, SURPLUS, MISSING, AWAY, HERE)  # in the order of urgency
MOST = 500  # books of one check
LONGEST = 20  # characters; a longer unreadable text is not returned

_NUMBER = re.compile(r"[A-Z]{1,2}[0-9]{6,7}")
_BETWEEN = re.compile(r"[\s,;]+")
_WITHIN = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True)
class RackBook:
    """A book on record. `pick` is its place while it is not on its shelf."""

    passport_id: int
    passport_no: str
    holder_name: str
    shelf: str
    state: str
    pick: str | None = None


@dataclass(frozen=True)
class RackRow:
    """A row of the answer. `why` of a surplus: `collected`, `cancelled`, `unknown` or `unreadable`."""

    verdict: str
    typed: str | None
    book: RackBook | None
    why: str | None = None


def numbers_in(text: str) -> list[str]:
    """The typed or scanned numbers of a text, each once, in their order."""
    return numbers(part for part in _BETWEEN.split(typed(text)) if part)


def numbers(given: Iterable[str]) -> list[str]:
    """The numbers in the form of the record, each once, in their order."""
    clean = (_WITHIN.sub("", typed(number).upper()) for number in given)
    return list(dict.fromkeys(number for number in clean if number))


def is_number(text: str) -> bool:
    """Whether the text has the form of a passport number. Nothing else is looked up."""
    return _NUMBER.fullmatch(text) is not None


def compare(rack: str, recorded: Sequence[RackBook], known: Sequence[RackBook], typed: Sequence[str]) -> list[RackRow]:
    """Each scanned number and each book recorded in the rack, with its verdict, in the order of the shelf.

    `recorded` are the books whose shelf is in the rack, `known` the books with one of the numbers.
    """
    by_number = _by_number(known)
    rows = [_scanned(rack, number, by_number.get(number)) for number in typed]
    found = {row.book.passport_id for row in rows if row.book}
    rows += [
        RackRow(AWAY if book.pick in ("taken", "at_window") else MISSING, None, book)
        for book in recorded
        if book.passport_id not in found
    ]
    return sorted(rows, key=lambda row: (VERDICTS.index(row.verdict), _place(row)))


def counts(rows: Iterable[RackRow]) -> dict[str, int]:
    """How many rows have each verdict."""
    found = dict.fromkeys((HERE, MISSING, AWAY, FOREIGN, SURPLUS), 0)
    for row in rows:
        found[row.verdict] += 1
    return found


def _scanned(rack: str, typed: str, book: RackBook | None) -> RackRow:
    if not is_number(typed):
        return RackRow(SURPLUS, typed if len(typed) <= LONGEST else None, None, "unreadable")
    if book is None:
        return RackRow(SURPLUS, typed, None, "unknown")
    if book.state not in ON_SHELF:
        return RackRow(SURPLUS, typed, replace(book, pick=None), book.state)
    return RackRow(HERE if stands_in(book.shelf, rack) else FOREIGN, typed, book)


def _by_number(known: Iterable[RackBook]) -> Mapping[str, RackBook]:
    """Number -> book. If two records have the same number, the one that can be on a shelf wins."""
    return {book.passport_no: book for book in sorted(known, key=lambda book: book.state in ON_SHELF)}


def _place(row: RackRow) -> tuple:
    return (walk_key(row.book.shelf, ()), row.book.passport_id) if row.book else (walk_key("", ()), 0)


def is_rack(text: str) -> bool:
    """Whether the text can be the name of a rack."""
    return bool(pieces(text))
