"""From an uploaded file, CSV or XLSX as offices really save them, to numbered rows of cells.

The file is not trusted: its unpacked size is checked first and formulas are never calculated. Every visible sheet with
headings is read; whatever is not read, or is hidden, is named in the warnings.
"""

import collections
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Any, NamedTuple

from ampera.passports.fields import NEEDED, FieldError
from ampera.passports.spreadsheets import csv_text, file_refusals, footers, workbook
from ampera.passports.spreadsheets.cell_values import CUT_FROM, shown
from ampera.passports.spreadsheets.headings import HEADINGS, PASSED_OVER, WITHIN, fields_of, words
from ampera.passports.spreadsheets.package import MAX_UNPACKED, Package
from ampera.passports.spreadsheets.table import SheetRefused, Table, refused

__all__ = ["HEADINGS", "MAX_BYTES", "MAX_ROWS", "MAX_UNPACKED", "SheetRefused"]

MAX_BYTES = 25 * 1024 * 1024
MAX_ROWS = 20_000
MAX_NUMBER = 1_048_576  # the last row of a spreadsheet
MAX_ORIGINAL = 500  # characters of a cell that are given back for correction
MAX_FILLED = 200_000  # cells that merged areas may fill
REPORT_EVERY = 250  # rows
SOME_HEADINGS = 2  # from this number on, a row is meant as headings
DAYS_FROM_1900_TO_1904 = 1462
DATES = ("birth_date", "issued_on")
CSV = "CSV"


class SheetRow(NamedTuple):
    """A row with content: its number as the spreadsheet shows it (from 1), and its cells by JSON name."""

    number: int
    cells: dict[str, Any]
    sheet: str = ""
    problems: tuple[FieldError, ...] = ()
    original: tuple[str, ...] = ()


@dataclass
class Overview:
    """What was read of a file and what not.

    `sheets` are (name, rows, read), `columns` (sheet, heading, JSON name or None), `warnings` are errors in the form
    of FieldError whose `params` may name a `sheet` and a `row`.
    """

    sheets: list[tuple[str, int, bool]] = field(default_factory=list)
    columns: list[tuple[str, str, str | None]] = field(default_factory=list)
    warnings: list[FieldError] = field(default_factory=list)
    headings: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Contents:
    """The rows of all sheets that were read, and the overview."""

    rows: list[SheetRow] = field(default_factory=list)
    overview: Overview = field(default_factory=Overview)


def read(content: bytes, report: Callable[[int], None] = lambda _row: None, most: int = MAX_ROWS) -> list[SheetRow]:
    """All rows below the headings, of every visible sheet that has headings. Raises SheetRefused."""
    return read_file(content, report, most).rows


def read_file(content: bytes, report: Callable[[int], None] = lambda _row: None, most: int = MAX_ROWS) -> Contents:
    """The rows and the overview of a file. Raises SheetRefused.

    `report` receives the number of every 250th row, for a progress bar.
    """
    if len(content) > MAX_BYTES:
        raise refused("file_too_large", most=MAX_BYTES // 1024**2)
    found, reason = Contents(), None
    for table in _tables(content):
        try:
            _read_table(found, table, report, most)
        except SheetRefused as refusal:
            if refusal.problems[0].code in ("too_many_rows", "unreadable", "unpacked_too_large"):
                raise
            reason = reason or refusal
            _pass_over(found.overview, table, refusal)
    if not any(is_read for _, _, is_read in found.overview.sheets):
        raise _only_hidden(found.overview) or reason or refused("file_empty")
    return found


def _tables(content: bytes) -> Iterator[Table]:
    if not content.strip():
        return
    if not file_refusals.is_package(content):
        file_refusals.check_text(content)
        text = csv_text.decoded(content)
        yield Table(CSV, csv_text.rows(text, lambda cells: len(set(fields_of(cells).values()))), is_text=True)
        return
    package = Package(content)
    file_refusals.check_package(package)
    package.check_size()
    yield from workbook.tables(package)


class _Reading:
    """One sheet while it is read: where its headings are, and what lies outside of the known columns."""

    def __init__(self, table: Table, most: int) -> None:
        self.table, self.most = table, most
        self.top, self.names, self.headings = _headings(table)
        self.unread: set[int] = set()  # columns with content that no field takes

    def rows(self, report: Callable[[int], None]) -> Iterator[tuple[int, list[Any]]]:
        """The non-empty rows below the headings."""
        below, count = [row for row in self.top[1:] if not _is_empty(row[1])], 0
        for number, row in chain(below, self.table.rows):
            if number % REPORT_EVERY == 0:
                report(number)
            count += not _is_empty(row)
            if number > MAX_NUMBER or count > self.most:
                raise refused("too_many_rows", most=MAX_ROWS)
            if not _is_empty(row):
                yield number, row

    def row(self, number: int, row: list[Any]) -> SheetRow | None:
        """The row with the cells of the known columns; None when these are all empty."""
        cells = {
            name: self._value(name, row[place])
            for place, name in self.names.items()
            if place < len(row) and not _is_blank(row[place])
        }
        others = [place for place, cell in enumerate(row) if place not in self.names and not _is_blank(cell)]
        too_many = self.table.is_text and any(place >= len(self.headings) for place in others)
        self.unread.update(place for place in others if not (too_many and place >= len(self.headings)))
        if not cells and not too_many:
            return None
        wrong = ("", "too_many_cells", {"cells": len(row), "headings": len(self.headings)})
        original = tuple(_original(cell) for cell in row)
        return SheetRow(number, cells, self.table.name, (FieldError(*wrong),) if too_many else (), original)

    def _value(self, name: str, cell: Any) -> Any:
        is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
        return cell + DAYS_FROM_1900_TO_1904 if is_number and name in DATES and self.table.counts_from_1904 else cell


def _read_table(found: Contents, table: Table, report: Callable[[int], None], most: int) -> None:
    """Add the rows of one sheet. Raises SheetRefused when it has no headings, or only some of those that it needs."""
    table.rows = _counted(table, table.rows)
    if table.is_hidden:
        collections.deque(table.rows, 0)
        found.overview.sheets.append((table.name, table.filled, False))
        if table.filled:
            found.overview.warnings.append(FieldError("", "unread_sheet", {"sheet": table.name, "why": "hidden"}))
        return
    reading = _Reading(table, most - len(found.rows))
    rows = list(reading.rows(report))
    _fill_merged(table, rows)
    books = [book for number, row in rows if (book := reading.row(number, row))]
    books, left_out = footers.without(books)
    if not books:
        raise refused("no_rows")
    found.rows += _whole_numbers(books)
    overview = found.overview
    overview.sheets.append((table.name, len(books), True))
    overview.headings[table.name] = reading.headings
    overview.warnings += [row._replace(params={**row.params, "sheet": table.name}) for row in left_out]
    _add_columns(overview, reading)
    _add_hidden(overview, reading, {book.number for book in books})


def _counted(table: Table, rows: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    for number, row in rows:
        table.filled += not _is_empty(row)
        yield number, row


def _pass_over(overview: Overview, table: Table, refusal: SheetRefused) -> None:
    """A visible sheet that could not be read, unless it is empty."""
    codes = {problem.code for problem in refusal.problems}
    collections.deque(table.rows, 0)
    overview.sheets.append((table.name, table.filled, False))
    if table.filled:
        missing = [problem.field for problem in refusal.problems if problem.code == "column_missing"]
        why = "rows" if "no_rows" in codes else "columns" if missing else "twice"
        overview.warnings.append(FieldError("", "unread_sheet", {"sheet": table.name, "why": why, "columns": missing}))


def _only_hidden(overview: Overview) -> SheetRefused | None:
    """The refusal of a workbook whose only content is in hidden sheets."""
    seen = [name for name, rows, _ in overview.sheets if rows]
    hidden = [w.params["sheet"] for w in overview.warnings if w.params.get("why") == "hidden"]
    return refused("hidden_sheet", sheet=hidden[0]) if hidden and seen == hidden else None


def _headings(table: Table) -> tuple[list[tuple[int, list[Any]]], dict[int, str], list[str]]:
    """The rows from the headings on, column -> JSON name, and all headings as they are written."""
    top = list(islice(table.rows, WITHIN))
    if all(_is_empty(row) for _, row in top):
        raise refused("file_empty")
    names = [fields_of(row) if number <= WITHIN else {} for number, row in top]
    fit = [len(set(found.values())) for found in names]
    best = fit.index(max(fit))
    number, row = top[best]
    _check_complete(names[best], number if fit[best] >= SOME_HEADINGS else 1)
    return top[best:], names[best], [shown(cell) for cell in row]


def _check_complete(names: dict[int, str], number: int) -> None:
    given = list(names.values())
    params = {"row": number, "within": WITHIN}
    wrong = [FieldError(name, "column_missing", params) for name in NEEDED if name not in given]
    wrong += [FieldError(name, "column_twice", params) for name in HEADINGS if given.count(name) > 1]
    if wrong:
        raise SheetRefused(*wrong)


def _fill_merged(table: Table, rows: list[tuple[int, list[Any]]]) -> None:
    """A value that stands once for several rows stands in each of them."""
    of_number, left_to_fill = dict(rows), MAX_FILLED
    for top, left, bottom, _ in table.merged:
        cells = of_number.get(top, [])
        value = cells[left] if left < len(cells) else None
        left_to_fill -= max(0, bottom - top)
        if value is None or left_to_fill < 0:
            continue
        for number in range(top + 1, bottom + 1):
            row = of_number.get(number)
            if row is not None:
                row.extend([None] * (left + 1 - len(row)))
                row[left] = value if row[left] is None else row[left]


def _add_columns(overview: Overview, reading: _Reading) -> None:
    """Every heading with its field, and a warning about each column with content that has none."""
    name = reading.table.name
    for place in range(max(len(reading.headings), *(place + 1 for place in reading.unread), 0)):
        heading = reading.headings[place] if place < len(reading.headings) else ""
        known = reading.names.get(place)
        if heading or place in reading.unread:
            overview.columns.append((name, heading, known))
        if place in reading.unread and (words(heading) not in PASSED_OVER or not heading):
            params = {"sheet": name, "heading": heading, "place": place + 1}
            overview.warnings.append(FieldError("", "unknown_column", params))


def _add_hidden(overview: Overview, reading: _Reading, numbers: set[int]) -> None:
    """A word about rows and columns that the spreadsheet hides, for they were read."""
    table = reading.table
    rows = sorted(table.hidden_rows & numbers)
    if rows:
        params: dict[str, Any] = {"sheet": table.name, "row": rows[0], "count": len(rows)}
        overview.warnings.append(FieldError("", "hidden_rows", params))
    columns = [reading.headings[place] for place in sorted(table.hidden_columns) if place in reading.names]
    if columns:
        params = {"sheet": table.name, "headings": columns}
        overview.warnings.append(FieldError("", "hidden_columns", params))


def _whole_numbers(rows: list[SheetRow]) -> list[SheetRow]:
    """Long numbers of a column become text when the file has kept all of their digits.

    Excel turns the 16th digit of a number into 0. A column where every long number ends in 0 was cut. In any other
    column a number that a float holds exactly is right; the others stay floats, which `fields` refuses.
    """
    for name in ("application_no", "nik"):
        long = [row for row in rows if _is_long(row.cells.get(name))]
        is_kept = any(int(row.cells[name]) % 10 for row in long)
        for row in long:
            number = row.cells[name]
            row.cells[name] = str(int(number)) if is_kept and number <= 2**53 else float(number)
    return rows


def _is_long(cell: object) -> bool:
    return isinstance(cell, int | float) and CUT_FROM <= cell < 10**30 and cell == int(cell)


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_empty(row: list[Any]) -> bool:
    return all(map(_is_blank, row))


def _original(cell: object) -> str:
    """A cell as its spreadsheet shows it, to be corrected and read again."""
    if isinstance(cell, datetime):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < CUT_FROM:
        cell = int(cell)
    return "" if cell is None else str(cell)[:MAX_ORIGINAL]
