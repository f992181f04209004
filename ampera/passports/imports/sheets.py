"""From an uploaded file to numbered lines of cells: CSV or XLSX, as offices really save them.

The file is a stranger's: its size is known before it is unpacked, formulas are never calculated, and a file that
cannot be understood as a whole is refused as a whole.
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
TELL_EVERY = 250  # rows
HEADING_WITHIN = 10  # rows: some offices print a title above the headings

# JSON name → headings people use for it. Case, dots and hyphens do not matter; English ones are the JSON names.
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


class Line(NamedTuple):
    """One row with content: its number as the spreadsheet shows it (from 1), its cells by JSON name."""

    number: int
    cells: dict[str, Any]


class SheetRefused(Exception):
    """The whole file is refused; the problems say why."""

    def __init__(self, *problems: FieldError) -> None:
        super().__init__(problems[0].code)
        self.problems = problems


def read(content: bytes, tell: Callable[[int], None] = lambda _row: None, most: int = MAX_ROWS) -> list[Line]:
    """All lines below the headings, from the first sheet that has them. Raises SheetRefused.

    `tell` hears the row number now and then: progress for whoever waits.
    """
    if len(content) > MAX_BYTES:
        raise _refused("file_too_large", most=MAX_BYTES // 1024**2)
    refusal = None
    for table in _tables(content):
        try:
            return _whole_numbers(_lines(table, tell, most))
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


def _lines(table: Iterable[tuple[Any, ...] | list[str]], tell: Callable[[int], None], most: int) -> list[Line]:
    """The non-empty rows below the headings."""
    rows = enumerate(table, 1)
    names = _columns(rows)
    lines: list[Line] = []
    for number, row in rows:
        cells = {name: row[place] for place, name in names.items() if place < len(row) and not _is_blank(row[place])}
        if cells:
            lines.append(Line(number, cells))
        if number % TELL_EVERY == 0:
            tell(number)
        if len(lines) > most or number > MAX_NUMBER:
            raise _refused("too_many_rows", most=most)
    if not lines:
        raise _refused("no_rows")
    return lines


def _columns(rows: Iterator[tuple[int, Any]]) -> dict[int, str]:
    """Place → JSON name, from the first of the top rows that looks like headings."""
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


def _is_blank(cell: Any) -> bool:
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


def _whole_numbers(lines: list[Line]) -> list[Line]:
    """Long numbers of a column become text when whoever wrote the file kept all of their digits.

    Excel turns the 16th digit of a number into 0. A column where every long number ends in 0 was cut; in any
    other each one that a float holds exactly is right. The rest stays a float, which `fields` refuses.
    """
    for name in ("application_no", "nik"):
        long = [line for line in lines if _is_long(line.cells.get(name))]
        is_kept = any(int(line.cells[name]) % 10 for line in long)
        for line in long:
            number = line.cells[name]
            line.cells[name] = str(int(number)) if is_kept and number <= 2**53 else float(number)
    return lines


def _is_long(cell: Any) -> bool:
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
    """Rows of a CSV; an empty line is a row too, as a spreadsheet shows it."""
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
    """The one of ; , and tab that makes the most known headings."""
    top = [line.replace('"', "") for line in text[:20_000].splitlines()[:HEADING_WITHIN]]
    return max(";,\t", key=lambda mark: max((len(_known(line.split(mark))) for line in top), default=0))


def _xlsx(content: bytes) -> Iterator[Iterable[tuple[Any, ...]]]:
    import openpyxl  # here: reading a CSV needs none of it
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    _check_unpacked(content)
    # What a sheet says of its own size is often wrong; without it openpyxl would read the sheet once just to know.
    ReadOnlyWorksheet._get_size = lambda _sheet: None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and dates that it does not understand
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            yield from map(_sheet_rows, book.worksheets[:MAX_SHEETS])
        except SheetRefused:
            raise
        except Exception:  # whatever a broken or hostile file provokes in zip, XML and openpyxl
            raise _refused("unreadable") from None


def _sheet_rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    try:
        for row in sheet.iter_rows(values_only=True):
            yield tuple(map(_plain, row[:MAX_COLUMNS]))
    except SheetRefused:
        raise
    except Exception:  # as above, while the rows are read
        raise _refused("unreadable") from None


def _plain(cell: Any) -> Any:
    """Array formulas come as objects; as text they are what they are, and so are refused."""
    return (
        cell if cell is None or isinstance(cell, str) or not hasattr(cell, "ref") else f"={getattr(cell, 'text', '')}"
    )


def _check_unpacked(content: bytes) -> None:
    """Refuse zip bombs by the sizes in the archive's index: Python's zipfile never unpacks more than they say."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise _refused("unreadable") from None
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > 1_000:
        raise _refused("unpacked_too_large", most=MAX_UNPACKED // 1024**2)
    if not any(part.filename.startswith("xl/") for part in parts):
        raise _refused("not_a_sheet")


def _refused(code: str, **params: Any) -> SheetRefused:
    return SheetRefused(FieldError("", code, params))
