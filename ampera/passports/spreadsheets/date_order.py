"""Which of day and month comes first: the rows of a column prove how the column was made.

A spreadsheet with another order of dates swaps day and month where it can (both at most 12) and leaves text where it
cannot. Each of its cells looks right alone. Where a column shows such a mistake, every date of the column that has
two readings is refused, unless the holder's NIK confirms the reading.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ampera.passports.fields import FieldError, nik_date
from ampera.passports.spreadsheets.cell_values import CellError, digits_of, shown
from ampera.passports.spreadsheets.dates import date_of, day_and_month

DATES = ("birth_date", "issued_on")
LAST_MONTH = 12
MANY = 3  # texts or cells: more of one kind than chance explains
FRESH = timedelta(days=366)  # a book is on the shelf for weeks after its issue


@dataclass(frozen=True)
class _Written:
    """A date of a column: its row, whether it is a text, its first two numbers as a person would write them."""

    index: int
    is_text: bool
    first: int
    second: int
    day: date | None  # None: the numbers give no date in this order
    other: date | None  # the other reading
    cell: Any

    @property
    def has_two_readings(self) -> bool:
        return self.day is not None and self.other not in (None, self.day)


def doubts(rows: Sequence[Any], today: date) -> dict[int, list[FieldError]]:
    """The errors about dates with two readings, by the place of the row. A row has `cells` and a `sheet`."""
    found: dict[int, list[FieldError]] = defaultdict(list)
    sheets: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        sheets[row.sheet].append(index)
    for indexes in sheets.values():
        for name in DATES:
            column = list(_column(rows, indexes, name))
            for written in _doubtful(column, rows, name, today):
                found[written.index].append(_problem(name, written))
    return found


def contradicts(nik: str | None, birth_date: date) -> bool:
    """Whether the NIK carries another birth date. Real NIKs sometimes do: this is a warning, no refusal."""
    return bool(nik) and nik_date(nik or "") != (birth_date.day, birth_date.month, birth_date.year % 100)


def _column(rows: Sequence[Any], indexes: Iterable[int], name: str) -> Iterator[_Written]:
    for index in indexes:
        cell = rows[index].cells.get(name)
        numbers = day_and_month(cell.strip()) if isinstance(cell, str) else None
        try:
            day = date_of(cell)
        except CellError:
            day = None
        other = date(day.year, day.day, day.month) if day and day.day <= LAST_MONTH else None
        if numbers:
            yield _Written(index, True, *numbers, day, other, cell)
        elif day and not isinstance(cell, str):
            yield _Written(index, False, day.day, day.month, day, other, cell)


def _doubtful(column: list[_Written], rows: Sequence[Any], name: str, today: date) -> Iterator[_Written]:
    """The dates that may be swapped: all of a kind (texts, date cells) where one of the kind is proved to be."""
    is_swapped = {True: _texts_are_month_first(column), False: _cells_are_swapped(column)}
    undecided = []
    for written in column:
        if not written.has_two_readings:
            continue
        witness = _witness(rows[written.index].cells.get("nik")) if name == "birth_date" else None
        if _is_late(written, today) or (witness and witness == _short(written.other)):
            is_swapped[written.is_text] = True
        if not witness or witness != _short(written.day):
            undecided.append(written)
    for written in undecided:
        if is_swapped[written.is_text] and not _is_late(written, today):  # what is late is refused for that
            yield written


def _is_late(written: _Written, today: date) -> bool:
    """Whether the date lies in the future, and its other reading in the last year."""
    if not written.day or not written.other:
        return False
    return written.day > today + timedelta(days=1) and today - FRESH < written.other <= today


def _texts_are_month_first(column: list[_Written]) -> bool:
    """Whether a text has a month above 12, so that the first number must be the month."""
    return any(written.is_text and written.first <= LAST_MONTH < written.second for written in column)


def _cells_are_swapped(column: list[_Written]) -> bool:
    """Whether date cells stand beside texts that no spreadsheet with the month first could make a date of."""
    texts = [written.first for written in column if written.is_text]
    cells = [written.first for written in column if not written.is_text]
    late_texts = [first for first in texts if first > LAST_MONTH]
    if not late_texts or not cells:
        return False
    has_early_cells_only = max(cells) <= LAST_MONTH
    if len(late_texts) == len(texts):
        return has_early_cells_only or len(texts) >= MANY
    return has_early_cells_only and len(cells) >= MANY


def _witness(cell: Any) -> tuple[int, int, int] | None:
    """Day, month and two digits of the year in a NIK; None where there is none to trust."""
    try:
        digits = digits_of(cell)
    except CellError:
        return None
    return nik_date(digits) if len(digits) == 16 and digits.isascii() and digits.isdecimal() else None


def _short(day: date | None) -> tuple[int, int, int] | None:
    return (day.day, day.month, day.year % 100) if day else None


def _problem(name: str, written: _Written) -> FieldError:
    readings = {"first": f"{written.day:%d-%m-%Y}", "second": f"{written.other:%d-%m-%Y}"}
    content = f"{written.cell:%d-%m-%Y}" if isinstance(written.cell, datetime) else shown(written.cell)
    return FieldError(name, "ambiguous_date", readings, content)
