"""The geometry of the charts in a drawing 560 wide. Templates only write the numbers down."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 560
LEFT = 40
TOP, BASE, HEIGHT = 24, 200, 226
ROW, ROW_LABEL = 40, 200
LABELS_FIT, VALUES_FIT = 12, 16
LETTER = 8.5  # the width of a digit of a label, which is set in 14 px
BETWEEN = 4  # two labels
GRID_LINES = 4
# A step of 30 seconds would need labels such as "1 mnt 30 dtk", which have no room beside the drawing.
SECONDS = (5, 10, 15, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400)
COUNTS = tuple(digit * 10**power for power in range(9) for digit in (1, 2, 5))


@dataclass(frozen=True)
class Mark:
    """One bar or row with its label (empty where it would not fit) and its value."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float
    is_now: bool = False
    shows_value: bool = True

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def label_x(self) -> float:
        """The middle of the label: under the mark, but never beyond the edges of the drawing."""
        return _inside(self.middle, self.label)


@dataclass(frozen=True)
class Chart:
    """Marks, the heights of the grid with their values, and for lines one path each."""

    height: int
    marks: tuple[Mark, ...] = ()
    grid: tuple[tuple[float, int], ...] = ()
    paths: tuple[str, ...] = ()


def columns(values: Sequence[tuple[str, int]], now: str | None = None) -> Chart:
    """Vertical bars on a grid. The bar labelled `now` is still growing."""
    grid = _grid(max((value for _, value in values), default=0))
    slot = (WIDTH - LEFT) / max(len(values), 1)
    wide = min(slot * 0.62, 46)
    written = _written([label for label, _ in values], slot, LEFT + slot / 2)
    marks = tuple(
        Mark(
            label=label if n in written else "",
            value=value,
            x=round(LEFT + slot * n + (slot - wide) / 2, 1),
            y=_height(value, grid),
            width=round(wide, 1),
            height=round(BASE - _height(value, grid), 1),
            is_now=label == now,
            shows_value=bool(value) and len(values) <= VALUES_FIT,
        )
        for n, (label, value) in enumerate(values)
    )
    return Chart(HEIGHT, marks, tuple((_height(step, grid), step) for step in grid))


def rows(values: Sequence[tuple[str, int]]) -> Chart:
    """Horizontal bars below one another, for long labels."""
    most = max((value for _, value in values), default=0) or 1
    marks = tuple(
        Mark(label, value, ROW_LABEL, n * ROW + 8, round((WIDTH - ROW_LABEL - 60) * value / most, 1), ROW - 14)
        for n, (label, value) in enumerate(values)
    )
    return Chart(max(len(values), 1) * ROW + 6, marks)


def lines(labels: Sequence[str], *series: Sequence[int | None]) -> Chart:
    """One line of seconds per series over the same labels. Missing values are skipped."""
    grid = _grid(max((value for values in series for value in values if value is not None), default=0), SECONDS)
    step = (WIDTH - LEFT - 60) / max(len(labels) - 1, 1)
    xs = [round(LEFT + 20 + step * n, 1) for n in range(len(labels))]
    written = _written(labels, step, LEFT + 20)
    marks = tuple(
        Mark(label if n in written else "", 0, x, BASE, 0, 0)
        for n, (x, label) in enumerate(zip(xs, labels, strict=True))
    )
    points = [[(x, _height(v, grid)) for x, v in zip(xs, values, strict=True) if v is not None] for values in series]
    return Chart(
        HEIGHT,
        marks,
        tuple((_height(value, grid), value) for value in grid),
        tuple(map(_path, points)),
    )


def _written(labels: Sequence[str], step: float, first: float) -> set[int]:
    """Which labels are written, so that two never touch, also at the edge, and at most LABELS_FIT are.

    `first` is the middle of the first mark, `step` the way to the next.
    """
    width = max(map(len, labels), default=0) * LETTER + BETWEEN
    every = max(1, -(-len(labels) // LABELS_FIT), math.ceil(width / step) if step else 1)
    last = len(labels) - 1 - (len(labels) - 1) % every  # it is moved away from the edge, to the one before
    is_near = last > 0 and _inside(first + step * last, labels[last]) - (first + step * (last - every)) < width
    return set(range(0, len(labels), every)) - ({last} if is_near else set())


def _inside(middle: float, label: str) -> float:
    """The middle of a label, never beyond the edges of the drawing."""
    half = len(label) * LETTER / 2
    return round(min(max(middle, half), WIDTH - half), 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    """A line through the points; a single one becomes a short dash."""
    if len(points) == 1:
        x, y = points[0]
        return f"M{x - 6:g} {y:g}H{x + 6:g}"
    return " ".join(f"{'L' if n else 'M'}{x:g} {y:g}" for n, (x, y) in enumerate(points))


def _grid(most: int, steps: Sequence[int] = COUNTS) -> tuple[int, ...]:
    """A few round values above zero; the last one is not below `most`."""
    step = next((step for step in steps if step * GRID_LINES >= most), steps[-1])
    return tuple(range(step, max(most, 1) + step, step))


def _height(value: int, grid: Sequence[int]) -> float:
    return round(BASE - (BASE - TOP) * value / grid[-1], 1)
