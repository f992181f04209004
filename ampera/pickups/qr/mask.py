"""The best of the eight masks of a QR symbol (ISO/IEC 18004, 7.8.3), computed on whole symbols as integers.

The result equals the choice of the qrcode library, which checks every module separately and takes ten times as long.
A mask inverts the same modules whatever the data, so a symbol in one mask gives the symbol in all masks.
"""

from collections.abc import Sequence
from typing import NamedTuple

Modules = Sequence[Sequence[bool | None]]

ALIKE, BLOCK, FINDER, BALANCE = 5, 3, 40, 10  # the standard's N1 (a length) and N2, N3, N4 (penalty points)


class Packed(NamedTuple):
    """All rows and all columns as one integer each; a zero bit separates the rows."""

    rows: int
    columns: int


class Masks:
    """Chooses the mask for symbols of one version and level. `samples` are one symbol in masks 0 to 7."""

    def __init__(self, samples: Sequence[Modules]) -> None:
        self.side = len(samples[0])
        packed = [pack(sample) for sample in samples]
        self.changes = [Packed(mask.rows ^ packed[0].rows, mask.columns ^ packed[0].columns) for mask in packed]
        self.all = pack([[True] * self.side] * self.side).rows

    def best(self, modules: Modules) -> int:
        """The number of the mask with the fewest penalty points. `modules` are the symbol in mask 0."""
        given = pack(modules)
        points = [self._points(given.rows ^ mask.rows, given.columns ^ mask.columns) for mask in self.changes]
        return points.index(min(points))

    def _points(self, rows: int, columns: int) -> int:
        lines = (rows, self.all ^ rows, columns, self.all ^ columns)
        finders = _finders(rows, self.all ^ rows) + _finders(columns, self.all ^ columns)
        blocks = _blocks(rows, self.side + 1) + _blocks(self.all ^ rows, self.side + 1)
        uneven = int(abs(rows.bit_count() / self.side**2 * 100 - 50) / 5)
        return sum(map(_runs, lines)) + BLOCK * blocks + FINDER * finders + BALANCE * uneven


def pack(modules: Modules) -> Packed:
    """The symbol as integers. True is a dark module."""
    return Packed(_joined(modules), _joined(list(zip(*modules, strict=True))))


def _joined(lines: Modules) -> int:
    return int("".join("0" + "".join("1" if dark else "0" for dark in line) for line in lines), 2)


def _runs(line: int) -> int:
    """Penalty of runs: the length less two of every run of five or more modules."""
    inside = line & line >> 1 & line >> 2 & line >> 3 & line >> (ALIKE - 1)
    return inside.bit_count() + 2 * (inside & ~(inside << 1)).bit_count()


def _blocks(rows: int, stride: int) -> int:
    """The number of squares of two by two dark modules."""
    pairs = rows & rows >> 1
    return (pairs & pairs >> stride).bit_count()


def _finders(dark: int, light: int) -> int:
    """The number of patterns 1011101 with four light modules before or after."""
    core = dark & light >> 1 & dark >> 2 & dark >> 3 & dark >> 4 & light >> 5 & dark >> 6
    four = light & light >> 1 & light >> 2 & light >> 3
    return (core & four >> 7).bit_count() + (core & four << 4).bit_count()
