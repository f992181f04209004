"""The comparison of a rack with the record: books that are there, are missing, or do not belong there. Pure.

Only a text in the form of a passport number is compared. Any other text, also a pickup code, is `unreadable` and is
never returned in full.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ampera.passports.shelf_order import pieces, stands_in, walk_key
from ampera.passports.states import ON_SHELF
from ampera.typed_text import typed

HERE, AWAY, MISSING, FOREIGN, SURPLUS, TWIN = "here", "away", "missing", "foreign", "surplus", "twin"
VERDICTS = (TWIN, FOREIGN, SURPLUS, MISSING, AWAY, HERE)  # in the order of urgency
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
    rows = [row for number in typed for row in _scanned(rack, number, by_number.get(number, []))]
    found = {row.book.passport_id for row in rows if row.book}
    rows += [
        RackRow(AWAY if book.pick in ("taken", "at_window") else MISSING, None, book)
        for book in recorded
        if book.passport_id not in found
    ]
    return sorted(rows, key=lambda row: (VERDICTS.index(row.verdict), _place(row)))


def counts(rows: Iterable[RackRow]) -> dict[str, int]:
    """How many rows have each verdict. Books that share a number are not counted: somebody must look at them."""
    found = Counter(row.verdict for row in rows)
    return {verdict: found[verdict] for verdict in (HERE, MISSING, AWAY, FOREIGN, SURPLUS)}


def _scanned(rack: str, typed: str, books: Sequence[RackBook]) -> list[RackRow]:
    """The row of a number; a row for each book where live books share it: only the name in the book tells which."""
    if not is_number(typed):
        return [RackRow(SURPLUS, typed if len(typed) <= LONGEST else None, None, "unreadable")]
    live = [book for book in books if book.state in ON_SHELF]
    if len(live) > 1:
        return [RackRow(TWIN, typed, book) for book in live]
    if live:
        return [RackRow(HERE if stands_in(live[0].shelf, rack) else FOREIGN, typed, live[0])]
    if books:
        return [RackRow(SURPLUS, typed, replace(books[-1], pick=None), books[-1].state)]
    return [RackRow(SURPLUS, typed, None, "unknown")]


def _by_number(known: Iterable[RackBook]) -> Mapping[str, Sequence[RackBook]]:
    """Number -> the books with it."""
    found: dict[str, list[RackBook]] = {}
    for book in known:
        found.setdefault(book.passport_no, []).append(book)
    return found


def _place(row: RackRow) -> tuple:
    return (walk_key(row.book.shelf, ()), row.book.passport_id) if row.book else (walk_key("", ()), 0)


def is_rack(text: str) -> bool:
    """Whether the text can be the name of a rack."""
    return bool(pieces(text))
