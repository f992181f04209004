"""The printed register: *buku penyerahan*, A4 landscape, in Indonesian, with every collector's signature and its text.

Void records keep their place and show the reason. Its columns hold what the spreadsheet holds. A month of a big office
is thousands of rows: text is set by a simple and fast rule, and signatures are embedded at the size of the print.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from textwrap import wrap
from typing import Any

from fpdf import Align
from PIL import Image
from sqlalchemy.orm import Session

from ampera import formats
from ampera.handovers.labels import (
    REGISTER_BOOK,
    REGISTER_CLASSES,
    REGISTER_DOCUMENTS,
    REGISTER_EVIDENCE,
    REGISTER_FOUND,
    REGISTER_IDENTITY,
)
from ampera.handovers.signatures import text_in
from ampera.offices import document_labels
from ampera.paper import INK, INK_2, LINE, VOID, Sheet, TextStyle
from ampera.reports.register.queries import RegisterFilter, RegisterRow, register_rows, signatures

MARGIN, BOTTOM = 10, 16
PAD, GAP = 1.6, 3
END = 48  # height of the total and the place for the signature
BELOW = 25  # points of an empty line that is as high as a signature
SIGNATURE = 36, 11
PRINTED = 425, 130  # pixels of a signature: 300 dots an inch
AT_ONCE = 100  # rows whose signatures are read together
TOGETHER = 3000  # letters of a signed text that no page tears apart: a third of a page
COLUMNS = (
    ("Nomor", 16),
    ("Waktu", 22),
    ("Pemegang dan buku", 62),
    ("Pengambil", 52),
    ("Bukti", 49),
    ("Petugas · jalur", 36),
    ("Tanda tangan", 40),
)


@dataclass(frozen=True)
class Heading:
    """The head and foot of every page."""

    office: str
    address: str
    days: str
    zone: str
    printed: str
    options: dict[str, Any] = field(default_factory=dict)  # of the office, for the names of its kinds of documents


def pdf(
    session: Session, office_id: int, timezone: str, filters: RegisterFilter, heading: Heading
) -> tuple[bytes, int]:
    """The file and the number of its rows. The caller limits the range."""
    paper = _Paper(heading)
    count = voided = 0
    for rows in _in_batches(register_rows(session, office_id, timezone, filters)):
        pictures = signatures(session, office_id, [row.id for row in rows if row.signature_id])
        for row in rows:
            paper.entry(row, timezone, pictures.get(row.id))
            count, voided = count + 1, voided + (row.voided_at is not None)
    if not count:
        paper.put(MARGIN, paper.get_y() + 3, 200, "Tidak ada penyerahan pada tanggal ini.", TextStyle(9))
    paper.end(count, voided)
    return bytes(paper.output()), count


def _in_batches(rows: Iterable[RegisterRow]) -> Iterator[list[RegisterRow]]:
    left = iter(rows)
    while batch := list(islice(left, AT_ONCE)):
        yield batch


class _Paper(Sheet):
    """Landscape pages, each with the column heads."""

    margin = MARGIN
    leading = 1.3
    is_fast = True

    def __init__(self, heading: Heading) -> None:
        super().__init__("Buku penyerahan paspor", "a4", "landscape")
        self.heading = heading
        self.texts: dict[int | None, int] = {}  # signature -> the record under which its text is printed
        self.add_page()

    def header(self) -> None:
        head = self.heading
        self.put(MARGIN, MARGIN, 180, "Buku penyerahan paspor", TextStyle(15, bold=True))
        self.put(MARGIN, MARGIN + 7, 180, f"{head.office} · {head.address}".rstrip(" ·"), TextStyle(8.5, colour=INK_2))
        self.put(197, MARGIN + 1, 90, head.days, TextStyle(11, bold=True, align=Align.R))
        self.put(197, MARGIN + 7, 90, f"Waktu {head.zone}", TextStyle(8.5, colour=INK_2, align=Align.R))
        y = MARGIN + 13
        for (title, _), x in zip(COLUMNS, _lefts(), strict=True):
            self.put(x, y, 60, title, TextStyle(7.5, bold=True))
        self.rule(y + 5, 0.5, INK)
        self.set_y(y + 5.5)

    def footer(self) -> None:
        y = self.h - BOTTOM + 5
        self.rule(y - 1.5, 0.2, LINE)
        self.put(MARGIN, y, 200, self.heading.printed, TextStyle(7, colour=INK_2))
        self.put(197, y, 90, f"Halaman {self.page_no()} dari {{nb}}", TextStyle(7, colour=INK_2, align=Align.R))

    def entry(self, row: RegisterRow, timezone: str, png: bytes | None) -> None:
        """Draw one row, on the next page when this one is full. The text of a signature stands under its first row."""
        cells = _cells(row, timezone, document_labels.name(self.heading.options, row.kind, "id"))
        cells[-1] = [("", TextStyle(BELOW)), *cells[-1]] if png else cells[-1]
        texts = self.signed_text(row, png)
        if self.texts.get(row.signature_id, row.number) != row.number:
            cells[-1].append(_small(f"Teks: no. {self.texts[row.signature_id]:06d}"))
        height = self.heights(cells) + 2 * PAD
        if self.get_y() + height + sum(map(self.height_below, texts[:1])) > self.h - BOTTOM:
            self.add_page()
        top = self.get_y() + PAD
        for cell, x in zip(cells, _lefts(), strict=False):
            self.stack(x, top, cell)
        if png:
            self.image(_as_printed(png), _lefts()[-1], top, *SIGNATURE, keep_aspect_ratio=True)
        self.set_y(top + height - PAD)
        for text in texts:
            self.put_below(text)
        self.rule(self.get_y(), 0.2, LINE)

    def signed_text(self, row: RegisterRow, png: bytes | None) -> list[str]:
        """What was signed, in parts that fit on a page; none when it stands on this paper already, or was not kept."""
        if not png or row.signature_id in self.texts or not (text := text_in(png)):
            return []
        self.texts[row.signature_id] = row.number
        return wrap(f"Ditandatangani: {text}", TOGETHER)

    def height_below(self, text: str) -> float:
        return self.height_of(self.w - 2 * MARGIN, text, SIGNED_TEXT) + PAD

    def put_below(self, text: str) -> None:
        """A part of a signed text, over the whole width."""
        height = self.height_below(text)
        if self.get_y() + height > self.h - BOTTOM:
            self.add_page()
        y = self.get_y()
        self.put(MARGIN, y, self.w - 2 * MARGIN, text, SIGNED_TEXT)
        self.set_y(y + height)

    def end(self, count: int, voided: int) -> None:
        """The total, and the place where the head of the section signs; never torn apart by the end of a page."""
        if self.get_y() + END > self.h - BOTTOM:
            self.add_page()
        y = self.get_y() + 4
        total = f"Jumlah: {_number(count)} penyerahan, {_number(voided)} dibatalkan"
        self.put(MARGIN, y, 120, total, TextStyle(10, bold=True))
        x = 197
        y = self.put(x, y, 90, "Mengetahui,", TextStyle(9))
        y = self.put(x, y, 90, "Kepala Seksi", TextStyle(9)) + 18
        self.set_draw_color(*INK)
        self.set_line_width(0.2)
        self.line(x, y, x + 70, y)
        y = self.put(x, y + 1, 90, "Nama:", TextStyle(8.5))
        self.put(x, y, 90, "NIP:", TextStyle(8.5))

    def heights(self, cells: "list[_Cell]") -> float:
        """The height of the tallest cell; nothing is drawn."""
        return max(
            sum(self.height_of(width - GAP, text, style) for text, style in cell)
            for cell, (_, width) in zip(cells, COLUMNS, strict=False)
        )

    def stack(self, x: float, y: float, cell: "_Cell") -> None:
        width = COLUMNS[_lefts().index(x)][1] - GAP
        for text, style in cell:
            y = self.put(x, y, width, text, style)


SIGNED_TEXT = TextStyle(6.5, colour=INK_2)
_Piece = tuple[str, TextStyle]
_Cell = list[_Piece]


def _lefts() -> list[float]:
    """The left edge of each column."""
    edges = [float(MARGIN)]
    for _, width in COLUMNS[:-1]:
        edges.append(edges[-1] + width)
    return edges


def _cells(row: RegisterRow, timezone: str, kind: str) -> list[_Cell]:
    """The cells of a row, each a list of styled texts."""
    return [
        [_strong(f"{row.number:06d}")],
        [_plain(formats.local_date(row.at, timezone)), _plain(formats.time_seconds(row.at, timezone, formats.PAPER))],
        [
            _strong(row.holder_name),
            _small(f"Permohonan {row.application_no}"),
            _small(f"{kind} {row.passport_no}"),
            *_void(row, timezone),
        ],
        _collector(row),
        [
            _small(", ".join(REGISTER_EVIDENCE.get(item, item) for item in row.shown) or "–"),
            _small(f"Identitas: {REGISTER_IDENTITY.get(row.identity_by, row.identity_by)}"),
            _small(f"Buku: {REGISTER_BOOK.get(row.book_by, row.book_by)}"),
            *_found(row),
        ],
        [_plain(row.officer), _small(f"Jalur {row.lane} · {row.queue_no}")],
        _signed(row),
    ]


def _found(row: RegisterRow) -> _Cell:
    text = REGISTER_FOUND.get(row.found_by or "")
    return [(f"Ditemukan {text}", TextStyle(7, bold=True))] if text else []


def _signed(row: RegisterRow) -> _Cell:
    if row.signature_sha256:
        sha = row.signature_sha256
        return [(f"SHA-256 {sha[:14]} {sha[14:39]} {sha[39:]}", TextStyle(4.8, colour=INK_2))]
    return [_small(f"Tidak bertanda tangan: {row.unsigned_reason}")] if row.unsigned_reason else []


def _collector(row: RegisterRow) -> _Cell:
    pieces = [_strong(REGISTER_CLASSES.get(row.collector_class, row.collector_class))]
    if row.collector_class != "self":
        pieces.append(_plain(row.collector_name))
        if row.collector_document:
            document = REGISTER_DOCUMENTS.get(row.collector_document, row.collector_document)
            pieces.append(_small(f"{document} …{row.collector_last4}"))
    return pieces


def _number(count: int) -> str:
    return formats.number(count, formats.PAPER)


def _void(row: RegisterRow, timezone: str) -> _Cell:
    if row.voided_at is None:
        return []
    by = f"{formats.timestamp(row.voided_at, timezone, formats.PAPER)} oleh {row.voided_by}"
    text = f"DIBATALKAN {by}: {row.void_reason}. Buku ke rak {row.void_shelf}."
    return [(text, TextStyle(7, True, VOID))]


def _as_printed(png: bytes) -> Image.Image:
    """The signature in grey on white, at the resolution of the print: the database has the picture as it was drawn."""
    drawn = Image.open(io.BytesIO(png)).convert("RGBA")
    paper = Image.new("RGBA", drawn.size, (255, 255, 255, 255))
    paper.alpha_composite(drawn)
    grey = paper.convert("L")
    grey.thumbnail(PRINTED, reducing_gap=2)
    return grey


def _strong(text: str) -> _Piece:
    return text, TextStyle(8.5, True)


def _plain(text: str) -> _Piece:
    return text, TextStyle(8)


def _small(text: str) -> _Piece:
    return text, TextStyle(7, colour=INK_2)
