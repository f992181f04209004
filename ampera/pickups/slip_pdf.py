"""The slip for an applicant without a phone: one PDF page on A6, or the same page at twice the size on A4.

A slip can be lost: it shows a first name and nothing else of a person. The QR carries only the code.
"""

import io
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ampera import formats
from ampera.languages import Bilingual, both, both_in
from ampera.paper import BRAND, INK_2, LINE, MARK, Sheet, TextStyle
from ampera.pickups import codes
from ampera.pickups.qr import picture

# Scale, and the height of the paper in millimetres of A6 (A4 is half a millimetre more than twice A6).
SIZES = {"a6": (1, 148), "a4": (2, 148.5)}
WIDTH, MARGIN = 105, 8
MODULE = 1.64
QR_WIDTH = picture.SIDE * MODULE
QUIET = picture.QUIET_ZONE * MODULE
SIDE_X = MARGIN + QR_WIDTH - 2 * QUIET + 7
LOWEST = 144
SHRINKS = (1, 0.88, 0.76, 0.66)  # of the type, until the lists fit on the page


NAME = both("Untuk")
BOOKS = both("Jumlah paspor")
DOCUMENTS = both_in("slip", "Dokumen")
DEADLINE = both("Ambil paling lambat")
CODE = both("Kode pengambilan")
ACT = both("Tunjukkan kode QR kepada petugas di jalur. Tetap di kendaraan.")
BRING = both("Yang dibawa")
HOURS = both("Jam layanan")


class TextBlock(NamedTuple):
    """A paragraph of a column, and the space below in millimetres."""

    text: str
    style: TextStyle
    gap: float = 0


@dataclass(frozen=True)
class Slip:
    """The contents of a slip. `bring` has one entry per class of collector, `hours` one per kind of day."""

    office: str
    address: str
    first_name: str
    code: str
    booking_code: str
    books: int
    deadline: date
    bring: tuple[Bilingual, ...]
    hours: tuple[Bilingual, ...]
    documents: Bilingual | None = None  # None when all documents are passports


def pdf(slip: Slip, size: str = "a6") -> bytes:
    """The slip as a PDF of one page. `size` is a key of SIZES."""
    scale, height = SIZES[size]
    page = _Page("Slip pengambilan paspor", (WIDTH, height), scale=scale)
    page.add_page()
    _head(page, slip)
    below = _facts(page, slip)
    below = _code(page, slip, below)
    _columns(page, slip, below)
    return bytes(page.output())


def _head(page: "_Page", slip: Slip) -> None:
    mark = MARK.read_bytes().replace(b"currentColor", BRAND.encode())
    page.image(io.BytesIO(mark), MARGIN, 6, 10, 10)
    page.put(MARGIN + 13, 6, 76, "Si Ampera Bertanjak", TextStyle(12, bold=True))
    page.put(MARGIN + 13, 11.4, 76, slip.office, TextStyle(8, colour=INK_2))
    page.rule(17.8, 0.6)


def _facts(page: "_Page", slip: Slip) -> float:
    """The QR with its dark modules flush with the margin; to its right the name, the documents and the deadline."""
    top = 25.0
    page.image(io.BytesIO(picture.png(slip.code, 16)), MARGIN - QUIET, top - QUIET, QR_WIDTH, QR_WIDTH)
    y = top - 0.8
    contents = (BOOKS, str(slip.books), 13)
    if slip.documents:
        contents = (DOCUMENTS, slip.documents.beside, 7)
    for label, value, points in (
        (NAME, slip.first_name, 13),
        contents,
        (DEADLINE, formats.date(slip.deadline), 16),
    ):
        y = page.put(SIDE_X, y, WIDTH - MARGIN - SIDE_X, label.beside, TextStyle(6.5, colour=INK_2))
        y = page.put(SIDE_X, y, WIDTH - MARGIN - SIDE_X, value, TextStyle(points, bold=True)) + 3
    return top + QR_WIDTH - 2 * QUIET


def _code(page: "_Page", slip: Slip, y: float) -> float:
    y = page.put(MARGIN, y + 4, 89, CODE.beside, TextStyle(6.5, colour=INK_2))
    y = page.put(MARGIN, y - 0.5, 89, codes.printed(slip.booking_code), TextStyle(31, bold=True))
    page.rule(y + 0.5, 0.6)
    y = page.put(MARGIN, y + 2.5, 89, ACT.id, TextStyle(8, bold=True))
    return page.put(MARGIN, y, 89, ACT.en, TextStyle(7, colour=INK_2))


def _columns(page: "_Page", slip: Slip, y: float) -> None:
    """The documents to bring and the service hours. Long lists are set in smaller type."""
    page.rule(y + 1.5, 0.2, LINE)
    for shrink in SHRINKS:
        bring = _lines(BRING, slip.bring, shrink)
        hours = [*_lines(HOURS, slip.hours, shrink), TextBlock(slip.address, TextStyle(6 * shrink, colour=INK_2))]
        columns = ((MARGIN, 50, bring), (MARGIN + 53, 36, hours))
        if all(y + 3 + page.height(width, lines) <= LOWEST for _, width, lines in columns):
            break
    for x, width, lines in columns:
        top = y + 3
        for line in lines:
            top = page.put(x, top, width, line.text, line.style) + line.gap


def _lines(title: Bilingual, words: tuple[Bilingual, ...], shrink: float) -> list[TextBlock]:
    lines = [TextBlock(title.beside, TextStyle(7, bold=True), gap=0.6)]
    for pair in words:
        lines.append(TextBlock(pair.id, TextStyle(6.2 * shrink)))
        lines.append(TextBlock(pair.en, TextStyle(6 * shrink, colour=INK_2), gap=0.8))
    return lines


class _Page(Sheet):
    """A page measured in millimetres and points of A6, at any printed size."""

    margin = MARGIN

    def height(self, width: float, lines: list[TextBlock]) -> float:
        """The height of these lines in millimetres."""
        return sum(self.height_of(width, line.text, line.style) + line.gap for line in lines)
