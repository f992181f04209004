"""Rows of one import, checked field by field but not yet compared with the shelf; stored as JSON lists."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from ampera.offices.document_labels import PASSPORT, Kinds, recognised
from ampera.passports.fields import FieldError, Record, is_passport_no, record
from ampera.passports.imports.cell_values import shown
from ampera.passports.imports.sheets import SheetRow


class CheckedRow(NamedTuple):
    """The number in the file (or the index in the request), how the row is called, and the record or its errors."""

    number: int
    application_no: str
    holder_name: str
    record: Record | None
    problems: tuple[FieldError, ...] = ()


def checked(rows: Iterable[SheetRow] | Iterable[tuple[int, Mapping[str, Any]]], today: date) -> Iterator[CheckedRow]:
    """Each row with its fields checked; `today` is the office's day."""
    for number, cells in rows:
        found, problems = record(cells, today)
        yield CheckedRow(number, *_called(found, cells), found, tuple(problems))


def of_kinds(row: CheckedRow, kinds: Kinds) -> CheckedRow:
    """The row with the key of its kind of document, or with an error where the office has no such kind."""
    if row.record is None or row.record.kind is None:
        return row
    key, number = recognised(kinds, row.record.kind), row.record.passport_no
    if key is None:
        return row._replace(record=None, problems=(FieldError("kind", "kind_invalid", {}, shown(row.record.kind)),))
    if key == PASSPORT and not is_passport_no(number):  # named in the words of the office
        return row._replace(
            record=None, problems=(FieldError("passport_no", "passport_no_invalid", {}, shown(number)),)
        )
    return row._replace(record=row.record._replace(kind=key))


def packed(row: CheckedRow) -> list[Any]:
    """The row as plain lists, ready for JSON."""
    book = row.record and [value.isoformat() if isinstance(value, date) else value for value in row.record]
    return [row.number, row.application_no, row.holder_name, book, row.problems]


def unpacked(plain: list[Any]) -> CheckedRow:
    """The row of these plain lists."""
    number, application_no, holder_name, book, problems = plain
    if book:
        book = Record(*book)._replace(birth_date=date.fromisoformat(book[3]), issued_on=date.fromisoformat(book[4]))
    return CheckedRow(number, application_no, holder_name, book, tuple(FieldError(*problem) for problem in problems))


def _called(found: Record | None, cells: Mapping[str, Any]) -> tuple[str, str]:
    if found:
        return found.application_no, found.holder_name
    return shown(cells.get("application_no")), shown(cells.get("holder_name"))
