"""The receipt as a PDF: A6, Indonesian and English, with as many pages as its books need.

The paper shows first names, kinds and last digits; its QR contains only the check code.
"""

import io
from dataclasses import dataclass
from typing import NamedTuple

from fpdf import Align

from ampera.handovers.labels import receipt_classes
from ampera.handovers.receipts.check_code import Receipt, printed
from ampera.languages import Bilingual, both
from ampera.paper import BRAND, INK, INK_2, LINE, MARK, VOID, Sheet, TextStyle
from ampera.pickups.qr import picture

WIDTH, HEIGHT, MARGIN = 105, 148, 8
INNER = WIDTH - 2 * MARGIN
QR_WIDTH = 42
FOOT = HEIGHT - MARGIN - QR_WIDTH - 3  # upper edge of the code on the last page
LOWEST = HEIGHT - MARGIN

TITLE = both("Tanda terima penyerahan")
AT = both("Waktu")
LANE = both("Jalur")
COLLECTOR = both("Pengambil")
BOOKS = both("Yang diserahkan")
CHECK = both("Kode periksa, untuk petugas")
ASK = both("Petugas kantor memindai kode ini untuk melihat catatannya di buku penyerahan.")
NO_LONGER = both("Tidak berlaku lagi")
PARTLY = both("Sebagian tidak berlaku lagi")


class ReceiptHeader(NamedTuple):
    """The office, its address, and the time of the handover on its clock."""

    office: str
    address: str
    at: str


@dataclass(frozen=True)
class Paper:
    """A receipt with its texts: `kinds` are the names of the kinds of documents."""

    receipt: Receipt
    header: ReceiptHeader
    kinds: dict[str, Bilingual]


def pdf(paper: Paper) -> bytes:
    """The receipt as a PDF of one page, or of more when one collector received many books."""
    page = _Page(paper.header)
    y = _facts(page, paper)
    y = _books(page, paper, y)
    if y > FOOT:
        page.add_page()
    _code(page, paper.receipt.code)
    return bytes(page.output())


def _facts(page: "_Page", paper: Paper) -> float:
    receipt = paper.receipt
    y = page.put(MARGIN, 20, INNER, TITLE.id, TextStyle(14, bold=True))
    y = page.put(MARGIN, y, INNER, TITLE.en, TextStyle(9, colour=INK_2)) + 1.5
    if any(item.is_void for item in receipt.items):
        y = page.stamp(NO_LONGER if receipt.is_void else PARTLY, y) + 2
    collector = receipt_classes(receipt.classes)
    top = y + 1
    for x, width, label, value, english in (
        (MARGIN, 44, AT, paper.header.at, ""),
        (MARGIN + 46, 14, LANE, str(receipt.lane), ""),
        (MARGIN + 61, 28, COLLECTOR, collector.id, collector.en),
    ):
        below = page.put(x, top, width, label.beside, TextStyle(6.5, colour=INK_2))
        below = page.put(x, below, width, value, TextStyle(9.5, bold=True))
        y = max(y, page.put(x, below, width, english, TextStyle(7, colour=INK_2)) if english else below)
    return y + 2


def _books(page: "_Page", paper: Paper, y: float) -> float:
    """One row per book: its number in the register, whose and what it is, how its number ends."""
    y = page.put(MARGIN, y, INNER, BOOKS.beside, TextStyle(7, bold=True)) + 0.8
    for item in paper.receipt.items:
        kind = paper.kinds[item.kind]
        if y + 9 > LOWEST:
            page.add_page()
            y = 20
        page.rule(y, 0.2, LINE)
        colour = VOID if item.is_void else INK
        page.put(MARGIN, y + 1, 18, f"{item.number:06d}", TextStyle(9, bold=True, colour=colour))
        below = page.put(MARGIN + 19, y + 1, 46, item.first_name, TextStyle(9, bold=True, colour=colour))
        words = NO_LONGER.beside if item.is_void else kind.beside
        below = page.put(MARGIN + 19, below, 52, words, TextStyle(6.5, colour=VOID if item.is_void else INK_2))
        page.put(MARGIN + 66, y + 1, INNER - 66, f"•••• {item.last_digits}", TextStyle(9, colour=colour, align=Align.R))
        y = below + 1
    page.rule(y, 0.2, LINE)
    return y


def _code(page: "_Page", code: str) -> None:
    top, x = FOOT, MARGIN + QR_WIDTH + 1
    page.image(io.BytesIO(picture.png(code, 16)), MARGIN - 5, top, QR_WIDTH, QR_WIDTH)
    y = page.put(x, top + 6, WIDTH - MARGIN - x, CHECK.beside, TextStyle(6.5, bold=True)) + 1
    groups = printed(code).split("-")
    for line in ("-".join(groups[:4]) + "-", "-".join(groups[4:])):
        y = page.put(x, y, WIDTH - MARGIN - x, line, TextStyle(7.5))
    y = page.put(x, y + 1.5, WIDTH - MARGIN - x, ASK.id, TextStyle(6))
    page.put(x, y + 0.5, WIDTH - MARGIN - x, ASK.en, TextStyle(6, colour=INK_2))


class _Page(Sheet):
    """A6; the office's head comes again on every page."""

    margin = MARGIN

    def __init__(self, head: ReceiptHeader) -> None:
        super().__init__(TITLE.id, (WIDTH, HEIGHT))
        self.head = head
        self.add_page()

    def header(self) -> None:
        mark = MARK.read_bytes().replace(b"currentColor", BRAND.encode())
        self.image(io.BytesIO(mark), MARGIN, 6, 9, 9)
        y = self.put(MARGIN + 12, 5.6, 77, self.head.office, TextStyle(8.5, bold=True))
        self.put(MARGIN + 12, y, 77, self.head.address, TextStyle(6.5, colour=INK_2))
        self.rule(17.4, 0.6)

    def stamp(self, words: Bilingual, y: float) -> float:
        """A frame that nobody overlooks."""
        self.set_draw_color(*VOID)
        self.set_line_width(0.8)
        self.rect(MARGIN, y, INNER, 9.5)
        below = self.put(MARGIN + 3, y + 1.2, INNER - 6, words.id, TextStyle(9.5, bold=True, colour=VOID))
        self.put(MARGIN + 3, below - 0.4, INNER - 6, words.en, TextStyle(7, colour=VOID))
        return y + 9.5
