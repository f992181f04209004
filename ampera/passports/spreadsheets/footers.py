"""Rows of a list that are no books: numbers of the columns, repeated headings, totals, the place for signatures.

They are left out and named. A row that holds a number of an application or a passport is always a book.
"""

import re
from collections.abc import Sequence
from typing import Any

from ampera.passports.fields import NEEDED, FieldError, is_application_no, is_passport_no
from ampera.passports.spreadsheets.cell_values import shown
from ampera.passports.spreadsheets.headings import field_of
from ampera.typed_text import typed

FEW = 2  # filled needed cells: a total or a signature has no more
_TOTAL = re.compile(r"\W*(?:sub\s*-?\s*)?(?:jumlah|jml|jlh|total|grand total)\b", re.IGNORECASE)
_SEPARATED = re.compile(r"[\s./'-]")


def without(rows: Sequence[Any]) -> tuple[list[Any], list[FieldError]]:
    """The rows that are books, and a warning about each other row."""
    last = max((place for place, row in enumerate(rows) if _has_number(row.cells)), default=-1)
    books, left_out = [], []
    for place, row in enumerate(rows):
        is_below = place > last and last >= 0
        if not _has_number(row.cells) and not row.problems and _is_no_book(row.cells, is_below, place == 0):
            left_out.append(FieldError("", "row_left_out", {"row": row.number}, _first(row.cells)))
        else:
            books.append(row)
    return books, left_out


def _is_no_book(cells: dict[str, Any], is_below: bool, is_first: bool) -> bool:
    few = sum(name in cells for name in NEEDED) <= FEW
    texts = [shown(cell).strip() for cell in cells.values()]
    return (
        (is_below and few)
        or (few and any(map(_TOTAL.match, texts)))
        or (is_first and len(texts) > FEW and all(map(_is_column_number, texts)))
        or sum(field_of(text) == name for name, text in zip(cells, texts, strict=True)) > FEW
    )


def _is_column_number(text: str) -> bool:
    digits = text.strip("() .")
    return digits.isdecimal() and len(digits) <= 2


def _has_number(cells: dict[str, Any]) -> bool:
    application_no, passport_no = (_bare(cells.get(name)) for name in ("application_no", "passport_no"))
    return is_application_no(application_no) or is_passport_no(passport_no)


def _bare(cell: object) -> str:
    return _SEPARATED.sub("", typed(shown(cell))).upper()


def _first(cells: dict[str, Any]) -> str:
    return next(map(shown, cells.values()), "")
