"""Which of day and month comes first: the rows of a column prove how the column was made.

A spreadsheet with another order of dates swaps day and month where it can (both at most 12) and leaves text where it
cannot. Each of its cells looks right alone. Where a column shows such a mistake, every date of the column that has
two readings is refused, unless the holder's NIK confirms the reading. So is every such date in the other column of the
sheet that is written in the same way, unless a day above 12 shows that this way is right there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ampera.passports.fields import FieldError, nik_date
from ampera.passports.spreadsheets.cell_values import CellError, digits_of, number_text, shown
from ampera.passports.spreadsheets.dates import begins_with_year, date_of, day_and_month, is_serial

DATES = ("birth_date", "issued_on")
LAST_MONTH = 12
MANY = 3  # texts or cells: more of one kind than chance explains
FRESH = timedelta(days=366)  # a book is on the shelf for weeks after its issue


@dataclass(frozen=True)
class _Written:
    """A date of a column: its row, how it is written, and the numbers where the day and the month should stand."""

    index: int
    mark: str  # between the numbers of a text; "" is a date cell, or the number of days that is left of it
    should_be_day: int
    should_be_month: int
    day: date | None  # None: the numbers give no date in this order
    other: date | None  # the other reading
    cell: Any

    @property
    def is_right(self) -> bool:
        return self.should_be_day > LAST_MONTH

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
        columns = {name: list(_column(rows, indexes, name)) for name in DATES}
        swapped = {name: _swapped(column, rows, name, today) for name, column in columns.items()}
        for name, column in columns.items():
            marks = _marks_to_doubt(name, columns, swapped)
            for written in _doubtful(column, marks, rows, name, today):
                found[written.index].append(_problem(name, written))
    return found


def contradicts(nik: str | None, birth_date: date) -> bool:
    """Whether the NIK carries another birth date. Real NIKs sometimes do: this is a warning, no refusal."""
    return bool(nik) and nik_date(nik or "") != (birth_date.day, birth_date.month, birth_date.year % 100)


def _column(rows: Sequence[Any], indexes: Iterable[int], name: str) -> Iterator[_Written]:
    for index in indexes:
        cell = rows[index].cells.get(name)
        if begins_with_year(cell):
            continue
        try:
            day = date_of(cell)
        except CellError:
            day = None
        other = date(day.year, day.day, day.month) if day and day.day <= LAST_MONTH else None
        if written := _as_written(cell, day):
            yield _Written(index, *written, day, other, cell)


def _as_written(cell: Any, day: date | None) -> tuple[str, int, int] | None:
    """The mark between day and month, and both as they are written.

    None for a text that leaves no doubt: it names the month, or begins with the year.
    """
    if isinstance(cell, str):
        try:
            text = number_text(cell)
        except CellError:
            return None
        if not is_serial(text):
            return day_and_month(text)
    return ("", day.day, day.month) if day else None


def _swapped(column: list[_Written], rows: Sequence[Any], name: str, today: date) -> set[str]:
    """The marks whose dates are proved to be swapped, by the column's own rows. A mark is a way of writing dates."""
    marks = {written.mark for written in column if not written.is_right and written.should_be_month > LAST_MONTH}
    marks |= {""} if _cells_are_swapped(column) else set()
    for written in column:
        if written.has_two_readings:
            witness = _witness(rows, written, name)
            if _is_late(written, today) or (witness and witness == _short(written.other)):
                marks.add(written.mark)
    return marks


def _marks_to_doubt(name: str, columns: dict[str, list[_Written]], swapped: dict[str, set[str]]) -> set[str]:
    """The marks to doubt in a column: of all texts or all cells that its own rows prove, and those of the other column.

    A day above 12 shows that a mark is right: one slip of a hand in a column does not speak for the other column.
    """
    right = {(column, written.mark) for column in columns for written in columns[column] if written.is_right}
    are_texts = {bool(mark) for mark in swapped[name]}
    own = {written.mark for written in columns[name] if bool(written.mark) in are_texts}
    shared = {mark for column in columns for mark in swapped[column] if (column, mark) not in right}
    return own | {mark for mark in shared if (name, mark) not in right}


def _doubtful(
    column: list[_Written], marks: set[str], rows: Sequence[Any], name: str, today: date
) -> Iterator[_Written]:
    """The dates with these marks and two readings, unless the NIK confirms them."""
    for written in column:
        if written.mark not in marks or not written.has_two_readings:
            continue
        witness = _witness(rows, written, name)
        is_confirmed = witness is not None and witness == _short(written.day)
        if not is_confirmed and not _is_late(written, today):  # what is late is refused for that
            yield written


def _is_late(written: _Written, today: date) -> bool:
    """Whether the date lies in the future, and its other reading in the last year."""
    if not written.day or not written.other:
        return False
    return written.day > today + timedelta(days=1) and today - FRESH < written.other <= today


def _cells_are_swapped(column: list[_Written]) -> bool:
    """Whether date cells stand beside texts that no spreadsheet with the month first could make a date of."""
    texts = [written.should_be_day for written in column if written.mark]
    cells = [written.should_be_day for written in column if not written.mark]
    late_texts = [day for day in texts if day > LAST_MONTH]
    if not late_texts or not cells:
        return False
    has_early_cells_only = max(cells) <= LAST_MONTH
    if len(late_texts) == len(texts):
        return has_early_cells_only or len(texts) >= MANY
    return has_early_cells_only and len(cells) >= MANY


def _witness(rows: Sequence[Any], written: _Written, name: str) -> tuple[int, int, int] | None:
    """Day, month and two digits of the year of birth in the row's NIK; None where there is none to trust."""
    if name != "birth_date":
        return None
    try:
        digits = digits_of(rows[written.index].cells.get("nik"))
    except CellError:
        return None
    return nik_date(digits) if len(digits) == 16 and digits.isascii() and digits.isdecimal() else None


def _short(day: date | None) -> tuple[int, int, int] | None:
    return (day.day, day.month, day.year % 100) if day else None


def _problem(name: str, written: _Written) -> FieldError:
    readings = {"first": f"{written.day:%d-%m-%Y}", "second": f"{written.other:%d-%m-%Y}"}
    content = f"{written.cell:%d-%m-%Y}" if isinstance(written.cell, datetime) else shown(written.cell)
    return FieldError(name, "ambiguous_date", readings, content)
