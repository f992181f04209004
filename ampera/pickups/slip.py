"""The slip for those without a phone: one PDF page, A6, or the same drawn twice as large on A4.

It is the applicant's own paper: a first name and nothing else about anybody; the QR carries only the code.
"""

import io
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from fpdf import FPDF, Align
from fpdf.enums import MethodReturnValue

from ampera.pickups import codes, qr

FONTS = Path(__file__).parent / "fonts"
MARK = Path(__file__).parents[2] / "static" / "img" / "mark.svg"
# Scale, and the height of the paper in millimetres of A6 (A4 is half a millimetre more than twice A6).
SIZES = {"a6": (1, 148), "a4": (2, 148.5)}
WIDTH, MARGIN = 105, 8
MODULE = 1.64
QR_WIDTH = qr.SIDE * MODULE
QUIET = qr.QUIET_ZONE * MODULE
SIDE_X = MARGIN + QR_WIDTH - 2 * QUIET + 7
LOWEST = 144
SHRINKS = (1, 0.88, 0.76, 0.66)  # of the lists, where an office has much to say
LEADING = 25.4 / 72 * 1.25
INK, INK_2, BRAND, LINE = (20, 22, 43), (68, 74, 107), "#1c2452", (195, 200, 220)


class Words(NamedTuple):
    """A line in Indonesian and in English: the slip always carries both."""

    id: str
    en: str


NAME = Words("Untuk", "For")
BOOKS = Words("Jumlah paspor", "Passports")
DOCUMENTS = Words("Dokumen", "Documents")
DEADLINE = Words("Ambil paling lambat", "Collect by")
CODE = Words("Kode pengambilan", "Pickup code")
ACT = Words(
    "Tunjukkan kode QR kepada petugas di jalur. Tetap di kendaraan.",
    "Show the QR code to the officer at the lane. Stay in your vehicle.",
)
BRING = Words("Yang dibawa", "What to bring")
HOURS = Words("Jam layanan", "Service hours")


class Line(NamedTuple):
    """Text of a column, its size in points, and the space below it in millimetres."""

    text: str
    points: float
    bold: bool = False
    colour: tuple[int, int, int] = INK
    gap: float = 0


@dataclass(frozen=True)
class Slip:
    """What stands on a slip. `bring` is one line per class of collector, `hours` one per kind of day."""

    office: str
    address: str
    first_name: str
    code: str
    booking_code: str
    books: int
    deadline: date
    bring: tuple[Words, ...]
    hours: tuple[Words, ...]
    documents: Words | None = None  # where they are not all passports


def pdf(slip: Slip, size: str = "a6") -> bytes:
    """The slip as a PDF of one page. `size` is a key of SIZES."""
    page = _Page(*SIZES[size])
    _head(page, slip)
    below = _facts(page, slip)
    below = _code(page, slip, below)
    _columns(page, slip, below)
    return bytes(page.output())


def _head(page: "_Page", slip: Slip) -> None:
    mark = MARK.read_bytes().replace(b"currentColor", BRAND.encode())
    page.image(io.BytesIO(mark), MARGIN, 6, 10, 10)
    page.put(MARGIN + 13, 6, 76, "Si Ampera Bertanjak", 12, bold=True)
    page.put(MARGIN + 13, 11.4, 76, slip.office, 8, colour=INK_2)
    page.rule(17.8, 0.6)


def _facts(page: "_Page", slip: Slip) -> float:
    """The QR, its dark part flush with the margin, and beside it for whom, how many and until when."""
    top = 25.0
    page.image(io.BytesIO(qr.png(slip.code, 16)), MARGIN - QUIET, top - QUIET, QR_WIDTH, QR_WIDTH)
    y = top - 0.8
    told = (BOOKS, str(slip.books), 13)
    if slip.documents:
        told = (DOCUMENTS, f"{slip.documents.id} · {slip.documents.en}", 7)
    for label, value, points in (
        (NAME, slip.first_name, 13),
        told,
        (DEADLINE, f"{slip.deadline:%d-%m-%Y}", 16),
    ):
        y = page.put(SIDE_X, y, WIDTH - MARGIN - SIDE_X, f"{label.id} · {label.en}", 6.5, colour=INK_2)
        y = page.put(SIDE_X, y, WIDTH - MARGIN - SIDE_X, value, points, bold=True) + 3
    return top + QR_WIDTH - 2 * QUIET


def _code(page: "_Page", slip: Slip, y: float) -> float:
    y = page.put(MARGIN, y + 4, 89, f"{CODE.id} · {CODE.en}", 6.5, colour=INK_2)
    y = page.put(MARGIN, y - 0.5, 89, codes.printed(slip.booking_code), 31, bold=True)
    page.rule(y + 0.5, 0.6)
    y = page.put(MARGIN, y + 2.5, 89, ACT.id, 8, bold=True)
    return page.put(MARGIN, y, 89, ACT.en, 7, colour=INK_2)


def _columns(page: "_Page", slip: Slip, y: float) -> None:
    """What to bring, and when; where an office has much to say its letters become smaller."""
    page.rule(y + 1.5, 0.2, LINE)
    for shrink in SHRINKS:
        bring = _lines(BRING, slip.bring, shrink)
        hours = [*_lines(HOURS, slip.hours, shrink), Line(slip.address, 6 * shrink, colour=INK_2)]
        columns = ((MARGIN, 50, bring), (MARGIN + 53, 36, hours))
        if all(y + 3 + page.height(width, lines) <= LOWEST for _, width, lines in columns):
            break
    for x, width, lines in columns:
        top = y + 3
        for line in lines:
            top = page.put(x, top, width, *line[:-1]) + line.gap


def _lines(title: Words, words: tuple[Words, ...], shrink: float) -> list[Line]:
    lines = [Line(f"{title.id} · {title.en}", 7, bold=True, gap=0.6)]
    for one in words:
        lines += [Line(one.id, 6.2 * shrink), Line(one.en, 6 * shrink, colour=INK_2, gap=0.8)]
    return lines


class _Page(FPDF):
    """One page in millimetres of A6 and points of that size, whatever size it is printed at."""

    def __init__(self, scale: int, height: float) -> None:
        super().__init__(unit=72 / 25.4 * scale, format=(WIDTH, height))
        self.scale = scale
        self.set_margin(0)
        self.c_margin = 0
        self.set_auto_page_break(False)
        self.add_font("Jakarta", "", FONTS / "plus-jakarta-sans-medium.ttf")
        self.add_font("Jakarta", "B", FONTS / "plus-jakarta-sans-extrabold.ttf")
        self.set_title("Slip pengambilan paspor")
        self.set_lang("id")
        self.add_page()

    def put(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        points: float,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        dry_run: bool = False,
    ) -> float:
        """Write `text` wrapped within `width` with its top at `y`; returns where the next line begins."""
        self.set_font("Jakarta", "B" if bold else "", points * self.scale)
        self.set_text_color(*colour)
        self.set_xy(x, y)
        leading = points * LEADING
        lines = self.multi_cell(
            width, leading, printable(text), align=Align.L, dry_run=dry_run, output=MethodReturnValue.LINES
        )
        return y + len(cast(list[str], lines)) * leading

    def height(self, width: float, lines: list[Line]) -> float:
        """How far down these lines would reach."""
        return sum(self.put(0, 0, width, *line[:-1], dry_run=True) + line.gap for line in lines)

    def rule(self, y: float, width: float, colour: tuple[int, int, int] = INK) -> None:
        """A line from margin to margin."""
        self.set_draw_color(*colour)
        self.set_line_width(width)
        self.line(MARGIN, y, WIDTH - MARGIN, y)


def printable(text: str) -> str:
    """The text in letters that the fonts have; others lose their accents or become a question mark."""
    return "".join(char if ord(char) in _letters() else _plain(char) for char in text)


def _plain(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0]
    return base if ord(base) in _letters() else "?"


@cache
def _letters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(FONTS / "plus-jakarta-sans-medium.ttf").getBestCmap())
