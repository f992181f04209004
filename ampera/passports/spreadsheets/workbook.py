"""Sheets of an XLSX with values as the spreadsheet shows them: dates, padded numbers, stored results of formulas.

Formulas are never calculated; one without a stored result stays its text, which begins with `=` and is refused.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ampera.passports.spreadsheets.cell_values import ERROR_VALUE
from ampera.passports.spreadsheets.number_formats import code_of, is_date, padded, rounded
from ampera.passports.spreadsheets.package import Attributes, Package, parse, parsed
from ampera.passports.spreadsheets.table import MAX_COLUMNS, Row, SheetRefused, Table

MAX_SHEETS = 50
MAX_MERGED = 20_000
MAX_EXACT = 10**15  # a longer number may have lost digits; its format cannot bring them back
LOST = "\ufffd"
FAR = f"> {MAX_COLUMNS}"

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"-?\d{1,400}")
_SINCE_1900, _SINCE_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no time zone
_LAST_SERIAL = 2_958_466  # the end of the year 9999


def tables(package: Package) -> Iterator[Table]:
    """The sheets with rows, in the order of the tabs. Raises SheetRefused `unreadable`."""
    try:
        yield from _Workbook(package).tables()
    except SheetRefused:
        raise
    except Exception:  # any error of zip or XML on a broken or hostile file
        raise package.why_unreadable() from None


class _Workbook:
    """What all sheets share: their names and states, texts, formats and the first day of dates."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._path = next(
            (path for kind, path in package.relations("").values() if kind == "officeDocument" and path in package),
            "xl/workbook.xml",
        )
        self._sheets: list[tuple[str, str, bool]] = []  # name, id of the relation, hidden
        self.counts_from_1904 = False
        parse(package.chunks(self._path), self._begin)
        relations = package.relations(self._path)
        self._part = {key: path for key, (kind, path) in relations.items() if kind == "worksheet"}
        kinds = {kind: path for kind, path in relations.values() if path in package}
        self.texts = _texts(package, kinds["sharedStrings"]) if "sharedStrings" in kinds else []
        self.formats = _formats(package, kinds["styles"]) if "styles" in kinds else []

    def tables(self) -> Iterator[Table]:
        for name, key, is_hidden in self._sheets[:MAX_SHEETS]:
            if self._part.get(key, "") in self.package:
                table = Table(name, iter(()), is_hidden, counts_from_1904=self.counts_from_1904)
                table.rows = _SheetReader(self, table).rows(self.package.chunks(self._part[key]))
                yield table

    def _begin(self, tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            self.counts_from_1904 = _is_true(attributes.get("date1904"))
        elif tag == "sheet":
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            self._sheets.append((unescaped(attributes.get("name", ""))[:100], key, is_hidden))


class _SheetReader:
    """The rows of one sheet while its XML is parsed."""

    def __init__(self, book: _Workbook, table: Table) -> None:
        self._book, self._table = book, table
        self._found: list[Row] = []
        self._cells: list[Any] = []
        self._number = self._place = 0
        self._kind = self._style = ""
        self._texts: dict[str, list[str]] = {}
        self._into: list[str] | None = None
        self._is_phonetic = False

    def rows(self, chunks: Iterator[bytes]) -> Iterator[Row]:
        try:
            for _ in parsed(chunks, self._begin, self._end, self._text):
                yield from self._found
                self._found.clear()
        except SheetRefused:
            raise
        except Exception:  # a broken or hostile sheet; what was read of it is not shown
            raise self._book.package.why_unreadable() from None

    def _begin(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            reference = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._place = _column(reference[1]) if reference else self._place + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._texts = {}
        elif tag in ("v", "f", "t") and not self._is_phonetic:
            self._into = self._texts.setdefault("v" if tag == "t" else tag, [])
        elif tag == "row":
            self._number = int(attributes.get("r") or self._number + 1)
            self._place, self._cells = 0, []
            if _is_hidden(attributes, "ht"):
                self._table.hidden_rows.add(self._number)
        elif tag == "rPh":
            self._is_phonetic = True
        elif tag == "col" and _is_hidden(attributes, "width"):
            last = min(int(attributes["max"]), MAX_COLUMNS)
            self._table.hidden_columns.update(range(int(attributes["min"]) - 1, last))
        elif tag == "mergeCell" and len(self._table.merged) < MAX_MERGED:
            self._merge(attributes.get("ref", ""))

    def _text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _end(self, tag: str) -> None:
        self._into = None
        if tag == "c":
            self._put()
        elif tag == "row" and self._cells:
            self._found.append((self._number, self._cells))
        elif tag == "rPh":
            self._is_phonetic = False

    def _put(self) -> None:
        if not self._texts:
            return
        value = self._value("".join(self._texts.get("v", ())), "".join(self._texts.get("f", ())), "f" in self._texts)
        if value is not None and self._place > MAX_COLUMNS:  # so far out nothing is read, and it is said so
            self._place, value = MAX_COLUMNS + 1, FAR
        if value is not None:
            self._cells.extend([None] * (self._place - len(self._cells)))
            self._cells[self._place - 1] = value

    def _value(self, text: str, formula: str, has_formula: bool) -> Any:
        if not text:
            return f"={formula}" if has_formula and self._kind != "str" else None
        if self._kind == "s":
            known = self._book.texts
            return known[int(text)] if int(text) < len(known) else LOST
        if self._kind == "b":
            return text.strip() == "1"
        if self._kind == "e":
            return text if ERROR_VALUE.fullmatch(text) else f"={text}"  # no field takes it, whatever it says
        return self._shown(text) if self._kind == "n" else unescaped(text)

    def _shown(self, text: str) -> Any:
        number = int(text) if _WHOLE.fullmatch(text) else float(text)
        style = int(self._style)
        code = self._book.formats[style] if style < len(self._book.formats) else ""
        if not code:
            return number
        if is_date(code):
            return _day(number, self._book.counts_from_1904)
        return (padded(number, code) or rounded(number, code) or number) if abs(number) < MAX_EXACT else number

    def _merge(self, area: str) -> None:
        ends = [_REFERENCE.fullmatch(end) for end in area.split(":")]
        if len(ends) == 2 and ends[0] and ends[1]:
            top, bottom = int(ends[0][2]), int(ends[1][2])
            self._table.merged.append((top, _column(ends[0][1]) - 1, bottom, _column(ends[1][1]) - 1))


def unescaped(text: str) -> str:
    """The text with characters for `_xHHHH_`, and one kind of line end. Blanks around it are no content."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _texts(package: Package, path: str) -> list[str]:
    """The texts that cells name by number."""
    found: list[str] = []
    parts: list[str] = []
    depth = {"t": 0, "rPh": 0}

    def begin(tag: str, _: Attributes) -> None:
        if tag in depth:
            depth[tag] += 1

    def end(tag: str) -> None:
        if tag in depth:
            depth[tag] -= 1
        elif tag == "si":
            found.append(unescaped("".join(parts)))
            parts.clear()

    def text(piece: str) -> None:
        if depth["t"] and not depth["rPh"]:
            parts.append(piece)

    parse(package.chunks(path), begin, end, text)
    return found


def _formats(package: Package, path: str) -> list[str]:
    """The number format of every style. Fonts, fills and borders are not looked at."""
    own: dict[int, str] = {}
    found: list[str] = []
    inside = [False]

    def begin(tag: str, attributes: Attributes) -> None:
        if tag == "cellXfs":
            inside[0] = True
        elif tag == "numFmt" and attributes.get("numFmtId", "").isdecimal():
            own[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "xf" and inside[0]:
            number_format = attributes.get("numFmtId", "0")
            found.append(code_of(int(number_format) if number_format.isdecimal() else 0, own))

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside[0] = False

    parse(package.chunks(path), begin, end)
    return found


def _day(number: float, counts_from_1904: bool) -> Any:
    """The moment of a serial number; the number where there is none."""
    if not (1 if not counts_from_1904 else 0) <= number < _LAST_SERIAL:
        return number
    if not counts_from_1904 and number < 60:  # Excel counts a 29 February 1900
        number += 1
    return (_SINCE_1904 if counts_from_1904 else _SINCE_1900) + timedelta(seconds=round(number * 86_400))


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place


def _is_hidden(attributes: Attributes, size: str) -> bool:
    """Whether a row or column is hidden, or has no height or width."""
    return _is_true(attributes.get("hidden")) or re.fullmatch(r"0(\.0*)?", attributes.get(size, "")) is not None


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
