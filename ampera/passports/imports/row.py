"""Rows of one import, checked field by field but not yet compared with the shelf; stored as JSON lists."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from ampera.offices.document_labels import PASSPORT, Kinds, recognised
from ampera.passports.fields import FieldError, Record, is_passport_no, record
from ampera.passports.imports.sheets import SheetRow
from ampera.passports.spreadsheets.cell_values import shown
from ampera.passports.spreadsheets.date_order import contradicts, doubts


class CheckedRow(NamedTuple):
    """The number in the file (or the index in the request), how the row is called, and the record or its errors."""

    number: int
    application_no: str
    holder_name: str
    record: Record | None
    problems: tuple[FieldError, ...] = ()
    sheet: str = ""
    original: tuple[str, ...] = ()  # all cells as they were written


def checked(rows: Iterable[SheetRow] | Iterable[tuple[int, Mapping[str, Any]]], today: date) -> Iterator[CheckedRow]:
    """Each row with its fields checked; `today` is the office's day. A row of a file may come with warnings."""
    known = [row if isinstance(row, SheetRow) else SheetRow(row[0], dict(row[1])) for row in rows]
    doubtful = doubts(known, today)
    for index, row in enumerate(known):
        found, problems = record(row.cells, today, is_lenient=bool(row.sheet))
        problems += row.problems
        if row.problems or index in doubtful:
            wrong = [problem for problem in problems if not problem.is_warning]
            found, problems = None, [*wrong, *doubtful.get(index, ())]
        elif found and contradicts(found.nik, found.birth_date):
            problems.append(FieldError("nik", "nik_other_date"))
        yield CheckedRow(row.number, *_called(found, row.cells), found, tuple(problems), row.sheet, row.original)


def of_kinds(row: CheckedRow, kinds: Kinds) -> CheckedRow:
    """The row with the key of its kind of document, or with an error where the office has no such kind."""
    if row.record is None or row.record.kind is None:
        return row
    key, number = recognised(kinds, row.record.kind), row.record.passport_no
    if key is None:
        wrong = FieldError("kind", "kind_invalid", {}, shown(row.record.kind))
        return row._replace(record=None, problems=(*row.problems, wrong))
    if key == PASSPORT and not is_passport_no(number):  # named in the words of the office
        wrong = FieldError("passport_no", "passport_no_invalid", {}, shown(number))
        return row._replace(record=None, problems=(*row.problems, wrong))
    return row._replace(record=row.record._replace(kind=key))


def packed(row: CheckedRow) -> list[Any]:
    """The row as plain lists, ready for JSON."""
    book = row.record and [value.isoformat() if isinstance(value, date) else value for value in row.record]
    return [row.number, row.application_no, row.holder_name, book, row.problems, row.sheet, row.original]


def unpacked(plain: list[Any]) -> CheckedRow:
    """The row of these plain lists."""
    number, application_no, holder_name, book, problems, sheet, original = plain
    if book:
        book = Record(*book)._replace(birth_date=date.fromisoformat(book[3]), issued_on=date.fromisoformat(book[4]))
    named = tuple(FieldError(*problem) for problem in problems)
    return CheckedRow(number, application_no, holder_name, book, named, sheet, tuple(original))


def _called(found: Record | None, cells: Mapping[str, Any]) -> tuple[str, str]:
    if found:
        return found.application_no, found.holder_name
    return shown(cells.get("application_no")), shown(cells.get("holder_name"))
