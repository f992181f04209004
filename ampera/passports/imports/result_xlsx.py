"""Workbooks that a clerk gets from the import page: the refused rows to correct, and an empty list with its headings.

Every cell is text: no number loses a digit, no date is turned around, and nothing is a formula.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext

from ampera.passports.imports.intake_plan import RowOutcome
from ampera.passports.imports.messages import column, sentence
from ampera.passports.spreadsheets.headings import HEADINGS

WIDTH = 22
PROBLEM_WIDTH = 70
SHEET_NAME = 31  # characters that Excel allows
SAMPLE_ROWS = 500  # formatted as text, so that typed numbers keep their digits
SAMPLE = {
    "application_no": "8800000000000001",
    "passport_no": "X1234567",
    "holder_name": "Contoh Nama Lengkap",
    "birth_date": "17-08-1990",
    "issued_on": "01-11-2026",
    "shelf": "A-01-02",
    "phone": "081234567890",
    "email": "nama@contoh.example",
    "group": "Keluarga Contoh",
}

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\']")


def corrections(rows: Iterable[RowOutcome], headings: dict[str, list[str]]) -> bytes:
    """The refused rows with all their columns and their problems, a sheet for each sheet of the file.

    The file can be corrected and imported again. A date with two readings is written as both, so that it stays refused
    until somebody has decided.
    """
    book = _workbook()
    sheets: dict[str, Any] = {}
    for row in rows:
        titles = headings.get(row.sheet, [])
        if row.sheet not in sheets:
            sheets[row.sheet] = _sheet(book, row.sheet, [*titles, gettext("masalah")], PROBLEM_WIDTH)
        cells = [*row.original, *[""] * len(titles)][: len(titles)]
        _append(sheets[row.sheet], [*map(_undecided(row), cells), " ".join(map(_explained, row.problems))])
    return _stored(book)


def sample() -> bytes:
    """A list with all headings, cells formatted as text, and one invented row that the import refuses."""
    book = _workbook()
    sheet = _sheet(book, gettext("Daftar paspor"), [column(name).capitalize() for name in HEADINGS])
    _append(sheet, [gettext("contoh %(text)s", text=SAMPLE["application_no"]), *_sample_cells()])
    for _ in range(SAMPLE_ROWS):
        _append(sheet, [None] * len(HEADINGS))
    return _stored(book)


def _sample_cells() -> list[str]:
    return [SAMPLE.get(name, "") for name in list(HEADINGS)[1:]]


def _undecided(row: RowOutcome) -> Any:
    """Replaces the content of an ambiguous date by both readings."""
    doubts = {
        problem.content: f"{problem.params['first']} / {problem.params['second']}?"
        for problem in row.problems
        if problem.code == "ambiguous_date"
    }
    return lambda cell: doubts.get(cell, cell)


def _explained(problem: Any) -> str:
    return f"{column(problem.field)}: {sentence(problem)}" if problem.field else sentence(problem)


def _workbook() -> Any:
    from openpyxl import Workbook  # imported here: most requests of the server never need it

    return Workbook(write_only=True)


def _sheet(book: Any, name: str, titles: Sequence[str], last_width: int = WIDTH) -> Any:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(_NOT_IN_NAME.sub(" ", name).strip()[:SHEET_NAME] or None)
    sheet.freeze_panes = "A2"
    for place in range(1, len(titles) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTH
    sheet.column_dimensions[get_column_letter(len(titles))].width = (
        PROBLEM_WIDTH if titles[-1] not in HEADINGS else WIDTH
    )
    _append(sheet, titles, Font(bold=True))
    return sheet


def _append(sheet: Any, texts: Sequence[str | None], font: Any = None) -> None:
    from openpyxl.cell import WriteOnlyCell

    cells = []
    for text in texts:
        cell = WriteOnlyCell(sheet, _NOT_IN_XML.sub("", text) if text else None)
        cell.number_format = "@"
        if text:
            cell.data_type = "s"  # also a text that begins with `=`
        if font:
            cell.font = font
        cells.append(cell)
    sheet.append(cells)


def _stored(book: Any) -> bytes:
    if not book.worksheets:
        book.create_sheet()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
