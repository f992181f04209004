"""What a look at one rack tells: which books stand there, which are missing, and which do not belong there. Pure.

A typed or scanned text counts only when it has the shape of a passport number; anything else, a pickup code too, is
named as unreadable and never given back in full.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ampera.passports.shelf_order import pieces, stands_in, walk_key
from ampera.passports.states import ON_SHELF

HERE, AWAY, MISSING, FOREIGN, SURPLUS = "here", "away", "missing", "foreign", "surplus"
VERDICTS = (FOREIGN, SURPLUS, MISSING, AWAY, HERE)  # what needs a hand first
MOST = 500  # books of one check
LONGEST = 20  # characters of one number that are given back

_NUMBER = re.compile(r"[A-Z]{1,2}[0-9]{6,7}")
_BETWEEN = re.compile(r"[\s,;]+")
_WITHIN = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True)
class Book:
    """A book on record; `pick` says who has it while it is not on its shelf."""

    passport_id: int
    passport_no: str
    holder_name: str
    shelf: str
    state: str
    pick: str | None = None


@dataclass(frozen=True)
class Line:
    """One line of the answer. `why` of a surplus: collected, cancelled, unknown or unreadable."""

    verdict: str
    typed: str | None
    book: Book | None
    why: str | None = None


def numbers_in(text: str) -> list[str]:
    """What was typed or scanned one after the other, each once, at most MOST and one more (to be refused)."""
    return numbers(one for one in _BETWEEN.split(text) if one)


def numbers(typed: Iterable[str]) -> list[str]:
    """The numbers as they are compared, each once, in their order."""
    clean = (_WITHIN.sub("", one.upper()) for one in typed)
    return list(dict.fromkeys(one for one in clean if one))


def is_number(text: str) -> bool:
    """Whether it has the shape of a passport number; nothing else is looked up."""
    return _NUMBER.fullmatch(text) is not None


def compare(rack: str, recorded: Sequence[Book], known: Sequence[Book], typed: Sequence[str]) -> list[Line]:
    """Each scanned number and each book recorded in the rack, with its verdict, in the order of the shelf.

    `recorded` are the books that should stand in the rack, `known` those with one of the numbers.
    """
    by_number = _by_number(known)
    lines = [_scanned(rack, one, by_number.get(one)) for one in typed]
    found = {line.book.passport_id for line in lines if line.book}
    lines += [
        Line(AWAY if book.pick in ("taken", "at_window") else MISSING, None, book)
        for book in recorded
        if book.passport_id not in found
    ]
    return sorted(lines, key=lambda line: (VERDICTS.index(line.verdict), _place(line)))


def counts(lines: Iterable[Line]) -> dict[str, int]:
    """How many lines have each verdict."""
    found = dict.fromkeys((HERE, MISSING, AWAY, FOREIGN, SURPLUS), 0)
    for line in lines:
        found[line.verdict] += 1
    return found


def _scanned(rack: str, typed: str, book: Book | None) -> Line:
    if not is_number(typed):
        return Line(SURPLUS, typed if len(typed) <= LONGEST else None, None, "unreadable")
    if book is None:
        return Line(SURPLUS, typed, None, "unknown")
    if book.state not in ON_SHELF:
        return Line(SURPLUS, typed, replace(book, pick=None), book.state)
    return Line(HERE if stands_in(book.shelf, rack) else FOREIGN, typed, book)


def _by_number(known: Iterable[Book]) -> Mapping[str, Book]:
    """A number may stand in an old and in a new record: the one that can be on a shelf counts."""
    return {book.passport_no: book for book in sorted(known, key=lambda book: book.state in ON_SHELF)}


def _place(line: Line) -> tuple:
    return (walk_key(line.book.shelf, ()), line.book.passport_id) if line.book else (walk_key("", ()), 0)


def is_rack(text: str) -> bool:
    """Whether a rack can be called so."""
    return bool(pieces(text))
