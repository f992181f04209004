"""CSV as offices save it: the encoding with the fewest faults, the separator that fits, rows numbered as shown.

A letter that cannot be read becomes U+FFFD, which no field accepts: a damaged name is refused, never guessed.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from ampera.passports.spreadsheets.table import Row, refused

MARKS = ";,\t|^~:"
TOP = 20_000  # characters that show how a text is written
_SEP_LINE = re.compile(r"\ufeff?sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)  # Excel reads it and does not show it
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_SEVERAL_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_UNUSED_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def decoded(content: bytes) -> str:
    """The text. Raises SheetRefused `not_a_sheet` for a file that is no text in any encoding."""
    text = content.decode(_encoding(content), errors="replace").removeprefix("\ufeff")
    text = text.removesuffix("\x1a")  # the end of a file to DOS
    if _BINARY.search(text[:100_000]):
        raise refused("not_a_sheet")
    return text


def rows(text: str, known: Callable[[Sequence[str]], int]) -> Iterator[Row]:
    """The numbered rows; an empty line is a row too. `known` counts the headings in a row of cells."""
    mark = None
    if sep := _SEP_LINE.match(text):
        mark, text = sep[1], text[sep.end() :]
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # a long cell is refused as too long, with its row
    delimiter = _separator(text, known, mark)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    number = 1
    try:
        for row in reader:
            yield number, row
            number += 1
    except csv.Error:
        raise refused("quotes", row=number) from None


def _encoding(content: bytes) -> str:
    """UTF-16 and UTF-8 by their marks or bytes; else Windows-1252, and Latin-1 for bytes that it lacks."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    top = content[:TOP]
    if zeros := top.count(0):
        return _utf_16(top, zeros)
    high = len(_HIGH.findall(content))
    right = sum(map(len, _SEVERAL_BYTES.findall(content)))
    if right * 2 >= high:  # most of what is not ASCII is right UTF-8; the rest of it is damaged
        return "utf-8"
    return "latin-1" if _UNUSED_IN_1252.search(content) else "cp1252"


def _utf_16(top: bytes, zeros: int) -> str:
    """UTF-16 without its mark: in a Latin text every second byte is 0."""
    even = top[::2].count(0)
    if zeros * 4 < len(top) or min(even, zeros - even) * 10 > zeros:
        raise refused("not_a_sheet")
    return "utf-16-be" if even * 2 > zeros else "utf-16-le"


def _separator(text: str, known: Callable[[Sequence[str]], int], named: str | None) -> str:
    """The separator that gives the most headings; of equals the named one, then the one in most lines."""
    top = [line.replace('"', "") for line in text[:TOP].splitlines()]

    def fit(mark: str) -> tuple[int, bool, int]:
        headings = max((known(line.split(mark)) for line in top), default=0)
        return headings, mark == named, sum(mark in line for line in top)

    marks = MARKS if named is None or named in MARKS or named in '"\r\n' else MARKS + named
    return max(marks, key=fit)
