"""The copy of somebody's data on paper: A4, Indonesian first, with what is covered and who has looked.

It is drawn from the rows of `queries.Copy` only, so that the paper never shows more than the JSON.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from fpdf import Align
from sqlalchemy.orm import Session

from ampera import formats
from ampera.languages import Bilingual, both, both_in
from ampera.offices.models import Office
from ampera.paper import BRAND, INK, INK_2, LINE, MARK, Sheet, TextStyle
from ampera.reports.persons import cover
from ampera.reports.persons.labels import DAYS, FIELDS, HELD, NO, NONE, SECTIONS, YES, Codes, Section
from ampera.reports.persons.queries import Copy, copy_of

MARGIN, BOTTOM = 16, 20
INNER = 210 - 2 * MARGIN
GAP = 4
CARD = (INNER - 2 * GAP) / 3  # a card has three columns
LABEL = TextStyle(6.5, colour=INK_2)
ENGLISH = TextStyle(6.5, colour=INK_2)
VALUE = TextStyle(8.5, bold=True)
TEXT = TextStyle(8)
LONG = {"signature_sha256": TextStyle(6)}

TITLE = both("Salinan data pribadi")
LAW = both("Atas permintaan pemilik data (UU 27/2022 Pasal 32): semua yang disimpan kantor ini tentang pemilik data.")
HOLDER = both("Pemilik data")
MADE = both("Dibuat pada")
COVERED = both("Sebagian data ditutup")
WHY = both(
    "NIK, tanggal lahir, nomor dokumen lama dan nomor buku tersimpan, tetapi ditutup sampai paspor diserahkan: dengan "
    "data itu petugas memastikan bahwa paspor jatuh ke tangan yang benar. Sesudah penyerahan, mintalah salinan lagi "
    "selama datanya masih disimpan."
)
OTHERS = both(
    "Data orang lain dalam pengambilan atau kendaraan yang sama tidak ada di sini, kecuali nama pengambil buku ini. "
    "Tanda tangan disimpan sebagai gambar; di sini hanya sidiknya. Daftar rak, daftar ambil dan "
    "antrean tidak mencatat per orang siapa yang membacanya."
)
RIGHTS = both(
    "Ada yang salah, atau Anda keberatan? Sampaikan di loket atau lewat kontak kantor. Kantor menjawab paling lambat "
    "3 x 24 jam sejak permintaan diterima."
)
PAGE = both_in("copy", "Halaman")


@dataclass(frozen=True)
class Heading:
    """The head and foot of every page."""

    office: str
    address: str
    timezone: str


class Drawn(NamedTuple):
    """A file and the copy that is on it."""

    content: bytes
    copy: Copy


def drawn(session: Session, office: Office, application_no: str, heading: Heading, codes: Codes) -> Drawn | None:
    """Read the copy and draw it; None without such an application."""
    copy = copy_of(session, office, application_no)
    return Drawn(pdf(copy, heading, codes), copy) if copy else None


def pdf(copy: Copy, heading: Heading, codes: Codes) -> bytes:
    """The file. `codes` are the labels of `labels.codes`."""
    paper = _Paper(copy, heading, codes)
    paper.opening()
    for section in SECTIONS:
        paper.section(section, copy.sections[section.name])
    paper.closing()
    return bytes(paper.output())


class _Paper(Sheet):
    margin = MARGIN
    is_fast = True

    def __init__(self, copy: Copy, heading: Heading, codes: Codes) -> None:
        super().__init__(TITLE.id, "a4")
        self.copy, self.heading, self.codes = copy, heading, codes
        self.add_page()

    def header(self) -> None:
        mark = MARK.read_bytes().replace(b"currentColor", BRAND.encode())
        self.image(io.BytesIO(mark), MARGIN, 9, 9, 9)
        y = self.put(MARGIN + 12, 9, INNER - 12, self.heading.office, TextStyle(9, bold=True))
        self.put(MARGIN + 12, y, INNER - 12, self.heading.address, TextStyle(7, colour=INK_2))
        self.rule(20.5, 0.6, INK)
        self.set_y(25)

    def footer(self) -> None:
        y = self.h - BOTTOM + 6
        self.rule(y - 2, 0.2, LINE)
        self.put(MARGIN, y, 60, f"{PAGE.beside} {self.page_no()} / {{nb}}", LABEL)
        text = f"{TITLE.beside} · {self.copy.application_no}"
        self.put(MARGIN + 60, y, INNER - 60, text, TextStyle(6.5, colour=INK_2, align=Align.R))

    def opening(self) -> None:
        y = self.put(MARGIN, 25, INNER, TITLE.id, TextStyle(18, bold=True))
        y = self.put(MARGIN, y, INNER, TITLE.en, TextStyle(10, colour=INK_2)) + 3
        made = formats.timestamp(self.copy.made_at, self.heading.timezone, formats.PAPER)
        zone = formats.zone(self.heading.timezone)
        facts = ((HOLDER, self.copy.holder_name), (FIELDS["application_no"], self.copy.application_no))
        self.set_y(y)
        self.cells([(label.beside, text, "", VALUE) for label, text in (*facts, (MADE, f"{made} {zone}"))])
        y = self.both(LAW, self.get_y() + 1)
        self.set_y(y + 2)
        if self.copy.is_covered:
            self.framed(COVERED, WHY)

    def framed(self, title: Bilingual, text: Bilingual) -> None:
        """A frame that nobody overlooks."""
        top = self.get_y() + 1
        y = self.put(MARGIN + 4, top + 3, INNER - 8, title.id, TextStyle(9.5, bold=True))
        y = self.put(MARGIN + 4, y, INNER - 8, title.en, ENGLISH) + 1
        y = self.put(MARGIN + 4, y, INNER - 8, text.id, TEXT)
        y = self.put(MARGIN + 4, y + 0.5, INNER - 8, text.en, TextStyle(7, colour=INK_2)) + 3
        self.set_draw_color(*INK)
        self.set_line_width(0.5)
        self.rect(MARGIN, top, INNER, y - top)
        self.set_y(y + 2)

    def closing(self) -> None:
        for text in (OTHERS, RIGHTS):
            self.make_room(16)
            self.set_y(self.both(text, self.get_y() + 3))

    def both(self, text: Bilingual, y: float) -> float:
        y = self.put(MARGIN, y, INNER, text.id, TEXT)
        return self.put(MARGIN, y + 0.5, INNER, text.en, TextStyle(7, colour=INK_2))

    def section(self, section: Section, rows: Sequence[dict[str, Any]]) -> None:
        """The heading stays with the first row."""
        self.make_room(34)
        y = self.get_y() + 5
        self.put(MARGIN, y, INNER * 0.6, section.title.id, TextStyle(11, bold=True))
        count = formats.number(len(rows), formats.PAPER) if rows else ""
        self.put(MARGIN + INNER * 0.8, y + 0.6, INNER * 0.2, count, TextStyle(8, colour=INK_2, align=Align.R))
        y = self.put(MARGIN, y + 5, INNER, section.title.en, ENGLISH) + 1
        self.rule(y, 0.4, INK)
        self.set_y(y + 1.5)
        if not rows:
            self.set_y(self.put(MARGIN, self.get_y(), INNER, NONE.beside, TextStyle(8, colour=INK_2)))
        elif section.widths:
            self.columns(section, rows)
        else:
            for row in rows:
                self.card(section, row)

    def card(self, section: Section, row: dict[str, Any]) -> None:
        """The fields of one row that are there, three in a line."""
        cells: list[_Cell] = []
        for name in section.fields:
            if isinstance(row[name], dict):
                cells += [self.changed(name, field, value) for field, value in row[name].items()]
            elif row[name]:
                cells.append((_beside(FIELDS[name]), *self.words(section.name, name, row[name]), LONG.get(name, VALUE)))
        for start in range(0, len(cells), 3):
            self.cells(cells[start : start + 3])
        self.rule(self.get_y(), 0.2, LINE)
        self.set_y(self.get_y() + 2)

    def cells(self, cells: "Sequence[_Cell]") -> None:
        """Up to three labels with their values beside each other."""
        labels = max(self.height_of(CARD, label, LABEL) for label, _, _, _ in cells)
        values = [
            self.height_of(CARD, text, style) + self.english_height(CARD, english) for _, text, english, style in cells
        ]
        self.make_room(labels + max(values) + 2)
        top = self.get_y()
        for n, (label, text, english, style) in enumerate(cells):
            x = MARGIN + n * (CARD + GAP)
            self.put(x, top, CARD, label, LABEL)
            y = self.put(x, top + labels, CARD, text, style)
            if english:
                self.put(x, y, CARD, english, ENGLISH)
        self.set_y(top + labels + max(values) + 2)

    def columns(self, section: Section, rows: Sequence[dict[str, Any]]) -> None:
        self.heads(section)
        for row in rows:
            cells = [self.words(section.name, name, row[name]) for name in section.fields]
            widths = [width - GAP / 2 for width in section.widths]
            heights = [
                self.height_of(width, text, TEXT) + self.english_height(width, english)
                for width, (text, english) in zip(widths, cells, strict=True)
            ]
            if self.make_room(max(heights) + 2):
                self.heads(section)
            y = self.get_y() + 1
            for x, width, (text, english) in zip(_lefts(section.widths), widths, cells, strict=True):
                below = self.put(x, y, width, text, TEXT)
                if english:
                    self.put(x, below, width, english, ENGLISH)
            self.set_y(y + max(heights) + 1)
            self.rule(self.get_y(), 0.2, LINE)

    def heads(self, section: Section) -> None:
        y, lowest = self.get_y(), 0.0
        for x, width, name in zip(_lefts(section.widths), section.widths, section.fields, strict=True):
            below = self.put(x, y, width - GAP / 2, FIELDS[name].id, TextStyle(7, bold=True))
            lowest = max(lowest, self.put(x, below, width - GAP / 2, FIELDS[name].en, ENGLISH))
        self.rule(lowest + 0.8, 0.2, INK_2)
        self.set_y(lowest + 1)

    def english_height(self, width: float, english: str) -> float:
        return self.height_of(width, english, ENGLISH) if english else 0

    def make_room(self, height: float) -> bool:
        """Begin a page when so many millimetres do not fit on this one; returns whether it did."""
        if self.get_y() + height <= self.h - BOTTOM:
            return False
        self.add_page()
        return True

    def words(self, section: str, name: str, value: Any) -> tuple[str, str]:
        """A value in Indonesian, and in English where that is another text."""
        if value == cover.HELD:
            return HELD
        if isinstance(value, bool):
            return YES if value else NO
        if isinstance(value, list):
            parts = [self.words(section, name, part) for part in value]
            return ", ".join(text for text, _ in parts), ", ".join(english for _, english in parts)
        if known := self.codes.get((section, name), {}).get(str(value)):
            return known if known.id != known.en else (known.id, "")
        return self.plain(name, value), ""

    def changed(self, name: str, field: str, value: Any) -> "_Cell":
        """One value of a correction: whether it was proposed or counted before, and which field it is."""
        label = Bilingual(*(f"{FIELDS[name][n]}: {FIELDS[field][n]}" for n in (0, 1)))
        return label.beside, *self.words("books", field, value), VALUE

    def plain(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return "–"
        if name == "number":
            return f"{value:06d}"
        if name in DAYS:
            return formats.date(date.fromisoformat(value))
        if name == "at" or name.endswith("_at"):
            return formats.timestamp(value, self.heading.timezone, formats.PAPER)
        return str(value)


_Cell = tuple[str, str, str, TextStyle]


def _beside(label: Bilingual) -> str:
    return label.id if label.id == label.en else label.beside


def _lefts(widths: Sequence[int]) -> list[float]:
    """The left edge of each column."""
    return [float(MARGIN + sum(widths[:n])) for n in range(len(widths))]
