"""The printed register: *buku penyerahan*, A4 landscape, in Indonesian, with every collector's signature.

Void records keep their place and show the reason.
"""

import io
from dataclasses import dataclass, field
from typing import Any

from fpdf import Align
from sqlalchemy.orm import Session

from ampera import formats
from ampera.handovers.labels import REGISTER_CLASSES, REGISTER_DOCUMENTS, REGISTER_EVIDENCE
from ampera.offices import document_labels
from ampera.paper import INK, INK_2, LINE, VOID, Sheet, TextStyle
from ampera.reports.register.queries import RegisterFilter, RegisterRow, register_rows, signature_png

MARGIN, BOTTOM = 10, 16
PAD, GAP = 1.6, 3
SIGNATURE = 36, 11
COLUMNS = (
    ("Nomor", 16),
    ("Waktu", 22),
    ("Pemegang", 64),
    ("Pengambil", 56),
    ("Bukti yang ditunjukkan", 43),
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
    count = 0
    for row in register_rows(session, office_id, timezone, filters):
        png = signature_png(session, office_id, row.id) if row.signature_id else None
        paper.entry(row, timezone, png)
        count += 1
    if not count:
        paper.put(MARGIN, paper.get_y() + 3, 200, "Tidak ada penyerahan pada hari ini.", TextStyle(9))
    return bytes(paper.output()), count


class _Paper(Sheet):
    """Landscape pages, each with the column heads."""

    margin = MARGIN
    leading = 1.3

    def __init__(self, heading: Heading) -> None:
        super().__init__("Buku penyerahan paspor", "a4", "landscape")
        self.heading = heading
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
        """Draw one row, on the next page when this one is full."""
        cells = _cells(row, timezone, document_labels.name(self.heading.options, row.kind, "id"))
        height = max(self.heights(cells), SIGNATURE[1] + 1 if png else 0) + 2 * PAD
        if self.get_y() + height > self.h - BOTTOM:
            self.add_page()
        top = self.get_y() + PAD
        for cell, x in zip(cells, _lefts(), strict=False):
            self.stack(x, top, cell)
        if png:
            self.image(io.BytesIO(png), _lefts()[-1], top, *SIGNATURE, keep_aspect_ratio=True)
        self.rule(top + height - PAD, 0.2, LINE)
        self.set_y(top + height - PAD)

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
        [_plain(formats.local_date(row.at, timezone)), _plain(formats.time_seconds(row.at, timezone))],
        [
            _strong(row.holder_name),
            _small(f"Permohonan {row.application_no}"),
            _small(f"{kind} {row.passport_no}"),
            *_void(row, timezone),
        ],
        _collector(row),
        [_small(", ".join(REGISTER_EVIDENCE.get(item, item) for item in row.shown) or "–")],
        [_plain(row.officer), _small(f"Jalur {row.lane} · {row.queue_no}")],
        [_small(f"Tidak bertanda tangan: {row.unsigned_reason}")] if row.unsigned_reason else [],
    ]


def _collector(row: RegisterRow) -> _Cell:
    pieces = [_strong(REGISTER_CLASSES.get(row.collector_class, row.collector_class))]
    if row.collector_class != "self":
        pieces.append(_plain(row.collector_name))
        if row.collector_document:
            document = REGISTER_DOCUMENTS.get(row.collector_document, row.collector_document)
            pieces.append(_small(f"{document} …{row.collector_last4}"))
    return pieces


def _void(row: RegisterRow, timezone: str) -> _Cell:
    if row.voided_at is None:
        return []
    by = f"{formats.timestamp(row.voided_at, timezone)} oleh {row.voided_by}"
    text = f"DIBATALKAN {by}: {row.void_reason}. Buku ke rak {row.void_shelf}."
    return [(text, TextStyle(7, True, VOID))]


def _strong(text: str) -> _Piece:
    return text, TextStyle(8.5, True)


def _plain(text: str) -> _Piece:
    return text, TextStyle(8)


def _small(text: str) -> _Piece:
    return text, TextStyle(7, colour=INK_2)
