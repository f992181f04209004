"""From an uploaded file, CSV or XLSX as offices really save them, to numbered rows of cells.

The file is not trusted: its unpacked size is checked first, formulas are never calculated, and a file without the
needed headings is refused as a whole.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from ampera.passports.fields import NEEDED, FieldError
from ampera.passports.imports.cell_values import CUT_FROM

MAX_BYTES = 25 * 1024 * 1024
MAX_ROWS = 20_000
MAX_UNPACKED = 96 * 1024 * 1024  # an honest sheet of 20,000 books has about 20 MB of XML
MAX_COLUMNS = 100
MAX_NUMBER = 1_048_576  # the last row of a spreadsheet
MAX_SHEETS = 20
REPORT_EVERY = 250  # rows
HEADING_WITHIN = 10  # rows: some offices print a title above the headings

# JSON name -> headings in use. Case, dots and hyphens do not matter; the English ones are the JSON names.
HEADINGS = {
    "application_no": "application no|application number|nomor permohonan|no permohonan|nomor aplikasi",
    "passport_no": "passport no|passport number|nomor paspor|no paspor",
    "holder_name": "holder name|name|full name|nama|nama lengkap|nama pemegang|nama pemohon",
    "birth_date": "birth date|date of birth|tanggal lahir|tgl lahir",
    "issued_on": "issued on|issue date|date of issue|tanggal terbit|tgl terbit|tanggal penerbitan",
    "shelf": "shelf|rak|nomor rak|no rak|lokasi rak",
    "nik": "nik|nomor nik|no nik|nomor induk kependudukan",
    "phone": "phone|phone number|mobile|telepon|nomor telepon|no telepon|telp|no telp|no hp|nomor hp|hp|whatsapp",
    "email": "email|e mail|email address|surel|alamat email",
    "group": "group|kelompok|grup|rombongan",
    "kind": "kind|jenis|jenis paspor",
    "document_no": "document no|document number|nomor dokumen|no dokumen|nomor dokumen lama",
}
_NAME_OF = {heading: name for name, headings in HEADINGS.items() for heading in headings.split("|")}
_PUNCTUATION = re.compile(r"[\s_.:*()/-]+")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SEP_LINE = re.compile(r"sep=.\r?\n", re.IGNORECASE)  # Excel reads it and does not show it


class SheetRow(NamedTuple):
    """A row with content: its number as the spreadsheet shows it (from 1), and its cells by JSON name."""

    number: int
    cells: dict[str, Any]


class SheetRefused(Exception):
    """The whole file is refused, for the reasons in `problems`."""

    def __init__(self, *problems: FieldError) -> None:
        super().__init__(problems[0].code)
        self.problems = problems


def read(content: bytes, report: Callable[[int], None] = lambda _row: None, most: int = MAX_ROWS) -> list[SheetRow]:
    """All rows below the headings, from the first sheet that has headings. Raises SheetRefused.

    `report` receives the number of every 250th row, for a progress bar.
    """
    if len(content) > MAX_BYTES:
        raise _refused("file_too_large", most=MAX_BYTES // 1024**2)
    refusal = None
    for table in _tables(content):
        try:
            return _whole_numbers(_rows(table, report, most))
        except SheetRefused as refused:
            refusal = refusal or refused
    raise refusal or _refused("file_empty")


def _tables(content: bytes) -> Iterator[Iterable[tuple[Any, ...] | list[str]]]:
    if not content.strip():
        return
    if content.startswith(b"PK"):
        yield from _xlsx(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):  # an old .xls, or an XLSX behind a password
        raise _refused("old_excel")
    else:
        yield _csv(_decoded(content))


def _rows(table: Iterable[tuple[Any, ...] | list[str]], report: Callable[[int], None], most: int) -> list[SheetRow]:
    """The non-empty rows below the headings."""
    numbered = enumerate(table, 1)
    names = _columns(numbered)
    rows: list[SheetRow] = []
    for number, row in numbered:
        cells = {name: row[place] for place, name in names.items() if place < len(row) and not _is_blank(row[place])}
        if cells:
            rows.append(SheetRow(number, cells))
        if number % REPORT_EVERY == 0:
            report(number)
        if len(rows) > most or number > MAX_NUMBER:
            raise _refused("too_many_rows", most=most)
    if not rows:
        raise _refused("no_rows")
    return rows


def _columns(rows: Iterator[tuple[int, Any]]) -> dict[int, str]:
    """Column -> JSON name, from the first of the top rows that looks like headings."""
    first: dict[int, str] | None = None
    for number, row in islice(rows, HEADING_WITHIN):
        names = _known(row)
        if len(set(names.values())) > 1 or (first is None and not all(map(_is_blank, row))):
            first = names
            if len(names) > 1:
                return _complete(names, number)
    if first is None:
        raise _refused("file_empty")
    return _complete(first, 1)


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _known(row: Iterable[Any]) -> dict[int, str]:
    found = {}
    for place, cell in enumerate(islice(row, MAX_COLUMNS)):
        heading = " ".join(_PUNCTUATION.sub(" ", cell).casefold().split()) if isinstance(cell, str) else ""
        if heading in _NAME_OF:
            found[place] = _NAME_OF[heading]
    return found


def _complete(names: dict[int, str], number: int) -> dict[int, str]:
    given = list(names.values())
    wrong = [FieldError(name, "column_missing", {"row": number}) for name in NEEDED if name not in given]
    wrong += [FieldError(name, "column_twice", {"row": number}) for name in HEADINGS if given.count(name) > 1]
    if wrong:
        raise SheetRefused(*wrong)
    return names


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


def _decoded(content: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1252."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _BINARY.search(text[:100_000]):
            return text
    raise _refused("not_a_sheet")


def _csv(text: str) -> Iterator[list[str]]:
    """The rows of a CSV. An empty line is a row too, as in a spreadsheet."""
    if sep := _SEP_LINE.match(text):
        text = text[sep.end() :]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    row_no = 1
    try:
        for row in reader:
            yield row
            row_no += 1
    except csv.Error:
        raise _refused("quotes", row=row_no) from None


def _delimiter(text: str) -> str:
    """The separator, `;`, `,` or tab, that gives the most known headings."""
    top = [line.replace('"', "") for line in text[:20_000].splitlines()[:HEADING_WITHIN]]
    return max(";,\t", key=lambda mark: max((len(_known(line.split(mark))) for line in top), default=0))


def _xlsx(content: bytes) -> Iterator[Iterable[tuple[Any, ...]]]:
    import openpyxl  # imported here: a CSV does not need it
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    _check_unpacked(content)
    # The size that a sheet names is often wrong, and openpyxl would read a sheet without one twice.
    ReadOnlyWorksheet._get_size = lambda _sheet: None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and dates that it does not know
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            yield from map(_sheet_rows, book.worksheets[:MAX_SHEETS])
        except SheetRefused:
            raise
        except Exception:  # any error of zip, XML or openpyxl on a broken or hostile file
            raise _refused("unreadable") from None


def _sheet_rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    try:
        for row in sheet.iter_rows(values_only=True):
            yield tuple(map(_plain, row[:MAX_COLUMNS]))
    except SheetRefused:
        raise
    except Exception:  # as above, while the rows are read
        raise _refused("unreadable") from None


def _plain(cell: object) -> object:
    """An array formula is an object here. As text it begins with `=` and is refused like any formula."""
    return (
        cell if cell is None or isinstance(cell, str) or not hasattr(cell, "ref") else f"={getattr(cell, 'text', '')}"
    )


def _check_unpacked(content: bytes) -> None:
    """Refuse zip bombs by the sizes in the archive's index: Python's zipfile never unpacks more than those."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise _refused("unreadable") from None
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > 1_000:
        raise _refused("unpacked_too_large", most=MAX_UNPACKED // 1024**2)
    if not any(part.filename.startswith("xl/") for part in parts):
        raise _refused("not_a_sheet")


def _refused(code: str, **params: object) -> SheetRefused:
    return SheetRefused(FieldError("", code, params))
