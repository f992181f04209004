"""Files of invented books as offices write them: sheets of a workbook, raw XML, lines of a CSV."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl

from ampera.passports.imports import sheets
from ampera.passports.imports.row import CheckedRow, checked

TODAY = date(2026, 11, 24)
HEAD = ["Nomor Permohonan", "Nomor Paspor", "Nama", "Tanggal Lahir", "Tanggal Terbit", "Rak"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def line(number: int = 1, **cells: Any) -> list[Any]:
    """A row under HEAD; `birth`, `name` and the like replace a cell."""
    usual = {
        "application": f"88000000000000{number:02d}",
        "passport": f"X12345{number:02d}",
        "name": f"Contoh {number}",
        "birth": "02-03-1990",
        "issued": "01-11-2026",
        "shelf": "A-1",
    }
    return [*(usual | cells).values()]


def workbook(change: Callable[[openpyxl.Workbook], None] | None = None, **named: list[list[Any]]) -> bytes:
    """An XLSX with these sheets; `change` edits the workbook before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in named.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    return stored(book)


def stored(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(content: bytes, **parts: Callable[[str], str]) -> bytes:
    """The XLSX with the texts of parts changed. Parts are named by their file: `sheet1`, `styles`, `workbook`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as made:
        for name in source.namelist():
            stem = name.rpartition("/")[2].partition(".")[0]
            part = source.read(name)
            made.writestr(name, parts[stem](part.decode()).encode() if stem in parts and "_rels" not in name else part)
    return out.getvalue()


def raw(*rows: str, columns: str = "", more: str = "") -> bytes:
    """An XLSX whose only sheet has the headings and these rows of XML."""
    cell = '<c r="{}1" t="inlineStr"><is><t>{}</t></is></c>'
    head = "".join(cell.format(letter, text) for letter, text in zip("ABCDEF", HEAD, strict=True))
    body = f'<row r="1">{head}</row>{"".join(rows)}'
    sheet = f'<worksheet xmlns="{MAIN}">{columns}<sheetData>{body}</sheetData>{more}</worksheet>'
    return rewritten(workbook(Daftar=[HEAD]), sheet1=lambda _: sheet)


def raw_row(number: int = 2, row: str = "", **cells: str) -> str:
    """A row of XML; `B='<c r="B2">…'` replaces the cell of a column."""
    texts = line(number)
    usual = {
        chr(65 + place): f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for place, text in enumerate(texts)
    }
    return f'<row r="{number}"{row}>{"".join((usual | cells).values())}</row>'


def csv(*rows: list[Any] | str, mark: str = ";", encoding: str = "utf-8", end: str = "\n") -> bytes:
    """A CSV with the headings and these rows."""
    texts = [row if isinstance(row, str) else mark.join(map(str, row)) for row in (HEAD, *rows)]
    return end.join(texts).encode(encoding)


def read(content: bytes) -> tuple[list[CheckedRow], sheets.Overview]:
    """The checked rows and the overview of a file."""
    found = sheets.read_file(content)
    return list(checked(found.rows, TODAY)), found.overview


def books(content: bytes) -> list[Any]:
    """The record of each row, or the codes of its errors."""
    return [row.record or [(problem.field, problem.code) for problem in row.problems] for row in read(content)[0]]


def warnings(content: bytes) -> list[tuple[str, dict[str, Any]]]:
    return [(warning.code, warning.params) for warning in read(content)[1].warnings]


def without_namespace(text: str) -> str:
    """A strict workbook names its parts otherwise."""
    return re.sub(
        "http://schemas.openxmlformats.org/(spreadsheetml|officeDocument)/2006/",
        r"http://purl.oclc.org/ooxml/\1/",
        text,
    )
