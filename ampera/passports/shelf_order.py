"""The order in which a clerk walks along the shelves, and which shelves are in a rack. Pure: shelves are texts.

A shelf is compared piece by piece: letters as letters, digits as numbers, so A-2 comes before A-10 and equals A-02.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_PIECE = re.compile(r"[^\W\d_]+|\d+")
REMEMBERED = 20_000  # shelves; the desk's list compares the same shelves at every change

Piece = tuple[int, int, str]
Pieces = tuple[Piece, ...]


@lru_cache(maxsize=REMEMBERED)
def pieces(shelf: str) -> Pieces:
    """The shelf as comparable pieces; digits sort before letters, as on a keyboard."""
    return tuple(
        (0, int(piece), "") if piece.isascii() and piece.isdigit() else (1, 0, piece)
        for piece in _PIECE.findall(shelf.upper())
    )


def racks_in(rack_order: str) -> tuple[Pieces, ...]:
    """The racks of the office's setting in walking order: "C, A, B-02"."""
    return tuple(found for found in (pieces(rack) for rack in rack_order.split(",")) if found)


def stands_in(shelf: str, rack: str) -> bool:
    """Whether the shelf is this rack or inside it: C-04-17 is in C and in C-04, but not in C-0."""
    wanted = pieces(rack)
    return bool(wanted) and pieces(shelf)[: len(wanted)] == wanted


def walk_key(shelf: str, racks: tuple[Pieces, ...]) -> tuple[int, Pieces]:
    """Sorts shelves into the walk: named racks in their order, then the others by name, books without a shelf last."""
    own = pieces(shelf)
    if not own:
        return len(racks) + 1, own
    fitting = [(len(rack), -place) for place, rack in enumerate(racks) if own[: len(rack)] == rack]
    return (-max(fitting)[1] if fitting else len(racks)), own


def racks_of(shelves: Iterable[str], depth: int = 2) -> list[tuple[str, int]]:
    """The racks of these shelves, `depth` pieces deep, each as it is written, with its number of shelves."""
    counted: dict[Pieces, int] = {}
    written: dict[Pieces, str] = {}
    for shelf in shelves:
        for deep in range(1, depth + 1):
            own = pieces(shelf)
            if len(own) >= deep:
                counted[own[:deep]] = counted.get(own[:deep], 0) + 1
                written.setdefault(own[:deep], _beginning(shelf, deep))
    return [(written[rack], counted[rack]) for rack in sorted(counted)]


def _beginning(shelf: str, deep: int) -> str:
    """The shelf up to the end of this piece."""
    return shelf[: list(_PIECE.finditer(shelf))[deep - 1].end()]
