"""Which books are of one holder. The answer never contains what was compared."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol


class OfHolder(Protocol):
    """What tells whose book it is."""

    @property
    def nik(self) -> str | None: ...
    @property
    def name_key(self) -> str: ...
    @property
    def birth_date(self) -> date: ...


def holder_numbers(books: Sequence[OfHolder]) -> list[int]:
    """For each book the number of its holder: 1 for the holder of the first book, 2 for the next holder, …

    Books with one NIK, or with one name and birth date, are of one holder: a name may be spelled in two ways, and a NIK
    may be mistyped or missing. A passport and a residence permit of one person are two such books.
    """
    first: dict[tuple[object, ...], int] = {}  # what is compared -> the first book with it
    holder = list(range(len(books)))  # book -> a book of the same holder that stands before it, or itself
    for n, book in enumerate(books):
        for key in _keys(book):
            earlier, later = sorted((_root(holder, n), _root(holder, first.setdefault(key, n))))
            holder[later] = earlier
    roots = [_root(holder, n) for n in range(len(books))]
    order = list(dict.fromkeys(roots))
    return [order.index(root) + 1 for root in roots]


def _keys(book: OfHolder) -> list[tuple[object, ...]]:
    keys: list[tuple[object, ...]] = []
    if book.nik:
        keys.append((book.nik,))
    if book.name_key:
        keys.append((book.name_key, book.birth_date))
    return keys


def _root(holder: list[int], n: int) -> int:
    while holder[n] != n:
        n = holder[n]
    return n
