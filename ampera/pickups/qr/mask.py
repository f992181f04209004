"""Which of the eight masks of a QR reads best (ISO/IEC 18004, 7.8.3), on whole symbols as single numbers.

The same choice as the library's own, which looks at every module by itself and takes ten times as long. What a mask
changes does not depend on the data, so a symbol in one mask gives it in all of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

Modules = Sequence[Sequence[bool | None]]

ALIKE, BLOCK, FINDER, BALANCE = 5, 3, 40, 10  # the standard's N1 (from which length on) and points N2, N3, N4


class Packed(NamedTuple):
    """All rows, and all columns, one after the other; a zero before each keeps them apart."""

    rows: int
    columns: int


class Masks:
    """The choice for symbols of one version and level. `samples` are one symbol in masks 0 to 7 (a test's format)."""

    def __init__(self, samples: Sequence[Modules]) -> None:
        self.side = len(samples[0])
        packed = [pack(one) for one in samples]
        self.changes = [Packed(one.rows ^ packed[0].rows, one.columns ^ packed[0].columns) for one in packed]
        self.all = pack([[True] * self.side] * self.side).rows

    def best(self, modules: Modules) -> int:
        """The mask with the fewest points; `modules` are the symbol in mask 0 (a test's format)."""
        given = pack(modules)
        points = [self._points(given.rows ^ one.rows, given.columns ^ one.columns) for one in self.changes]
        return points.index(min(points))

    def _points(self, rows: int, columns: int) -> int:
        lines = (rows, self.all ^ rows, columns, self.all ^ columns)
        finders = _finders(rows, self.all ^ rows) + _finders(columns, self.all ^ columns)
        blocks = _blocks(rows, self.side + 1) + _blocks(self.all ^ rows, self.side + 1)
        uneven = int(abs(rows.bit_count() / self.side**2 * 100 - 50) / 5)
        return sum(map(_runs, lines)) + BLOCK * blocks + FINDER * finders + BALANCE * uneven


def pack(modules: Modules) -> Packed:
    """True is dark."""
    return Packed(_joined(modules), _joined(list(zip(*modules, strict=True))))


def _joined(lines: Modules) -> int:
    return int("".join("0" + "".join("1" if dark else "0" for dark in line) for line in lines), 2)


def _runs(line: int) -> int:
    """Length less two of every run of five or more."""
    inside = line & line >> 1 & line >> 2 & line >> 3 & line >> (ALIKE - 1)
    return inside.bit_count() + 2 * (inside & ~(inside << 1)).bit_count()


def _blocks(rows: int, stride: int) -> int:
    """Squares of two by two."""
    pairs = rows & rows >> 1
    return (pairs & pairs >> stride).bit_count()


def _finders(dark: int, light: int) -> int:
    """1011101 with four light modules before or after it."""
    core = dark & light >> 1 & dark >> 2 & dark >> 3 & dark >> 4 & light >> 5 & dark >> 6
    four = light & light >> 1 & light >> 2 & light >> 3
    return (core & four >> 7).bit_count() + (core & four << 4).bit_count()
