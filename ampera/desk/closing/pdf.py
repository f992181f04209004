"""The closing sheet of a day: A4, in Indonesian as the register is, with places for two signatures.

Its QR is a checkpoint of the history that ends with the closing of the day. The paper proves it without this system.
"""

import io
from dataclasses import dataclass
from datetime import date, datetime

from fpdf import Align
from PIL import Image

from ampera import formats
from ampera.desk.closing.figures import DayFigures, Rack
from ampera.handovers.labels import REGISTER_CLASSES
from ampera.paper import BRAND, INK, INK_2, LINE, MARK, Sheet, TextStyle

MARGIN, BOTTOM, WIDE, HIGH = 16, 18, 210, 297
INNER = WIDE - 2 * MARGIN
GAP = 10
HALF = (INNER - GAP) / 2
QR = 46
END = 66  # the height of the signatures and the QR
RACK_COLUMNS = 2
HEAD = TextStyle(9.5, bold=True)
LABEL, VALUE = TextStyle(8.5, colour=INK_2), TextStyle(9, bold=True, align=Align.R)
SMALL = TextStyle(7, colour=INK_2)
VISITS = {
    "done": "Selesai",
    "diverted": "Diarahkan ke loket dalam",
    "no_show": "Terlewat",
    "left": "Pergi tanpa dilayani",
}
PROOF = (
    "Kode ini adalah titik periksa bertanda tangan dari riwayat sistem sampai penutupan hari ini. Simpan lembar ini "
    "di luar server. Siapa pun dapat membuktikan bahwa riwayat sampai hari ini tidak ditulis ulang: pindai, "
    "lalu jalankan di server:  ampera audit verify --checkpoint 'TEKS KODE'"
)
Row = tuple[str, str]


@dataclass(frozen=True)
class ClosedSheet:
    """What is on the paper. `wait` and `service` are texts of times.

    `checkpoint` is the text of the QR, `key_id` names the key that signed it. `later` says what came after the closing.
    """

    office: str
    address: str
    timezone: str
    day: date
    closed_at: datetime
    closed_by: str
    figures: DayFigures
    wait: str
    service: str
    checkpoint: str
    key_id: str
    later: str


def pdf(sheet: ClosedSheet) -> bytes:
    paper = _Paper(sheet)
    paper.opening()
    paper.figures()
    paper.racks()
    paper.ending()
    return bytes(paper.output())


class _Paper(Sheet):
    margin = MARGIN
    is_fast = True

    def __init__(self, sheet: ClosedSheet) -> None:
        super().__init__(f"Lembar penutupan {formats.date(sheet.day)}", "a4")
        self.sheet = sheet
        self.add_page()

    def header(self) -> None:
        mark = MARK.read_bytes().replace(b"currentColor", BRAND.encode())
        self.image(io.BytesIO(mark), MARGIN, 11, 10, 10)
        y = self.put(MARGIN + 13, 11, INNER - 13, self.sheet.office, TextStyle(10, bold=True))
        self.put(MARGIN + 13, y, INNER - 13, self.sheet.address, SMALL)
        self.rule(24, 0.6)
        self.set_y(29)

    def footer(self) -> None:
        y = HIGH - BOTTOM + 6
        self.rule(y - 2, 0.2, LINE)
        self.put(MARGIN, y, 60, f"Halaman {self.page_no()} dari {{nb}}", SMALL)
        text = f"Lembar penutupan {formats.date(self.sheet.day)} · {self.sheet.office}"
        self.put(MARGIN + 60, y, INNER - 60, text, TextStyle(7, colour=INK_2, align=Align.R))

    def opening(self) -> None:
        sheet = self.sheet
        y = self.put(MARGIN, 29, INNER, "Lembar penutupan hari", TextStyle(19, bold=True))
        y = self.put(MARGIN, y + 0.5, INNER, formats.full_date(sheet.day, formats.PAPER), TextStyle(12, bold=True))
        moment = f"{formats.timestamp(sheet.closed_at, sheet.timezone, formats.PAPER)} {formats.zone(sheet.timezone)}"
        y = self.put(MARGIN, y + 1, INNER, f"Ditutup {moment} oleh {sheet.closed_by}", TextStyle(9, colour=INK_2))
        if sheet.later:
            y = self.put(MARGIN, y + 1.5, INNER, sheet.later, TextStyle(9, bold=True))
        self.set_y(y + 5)

    def figures(self) -> None:
        """The records of the day on the left, its queue on the right."""
        top = self.get_y()
        ends = (
            self.rows(MARGIN, top, "Buku penyerahan", _register(self.sheet.figures)),
            self.rows(MARGIN + HALF + GAP, top, "Antrean", _queue(self.sheet)),
        )
        self.set_y(max(ends) + 6)

    def rows(self, x: float, y: float, title: str, rows: list[Row]) -> float:
        """Labels with their values, a thin line below each."""
        y = self.put(x, y, HALF, title, HEAD) + 1
        self.line_at(x, x + HALF, y, 0.4, INK)
        for label, value in rows:
            below = self.put(x, y + 1.3, HALF - 34, label, LABEL)
            self.put(x + HALF - 34, y + 1.2, 34, value, VALUE)
            y = below + 1.3
            self.line_at(x, x + HALF, y, 0.15, LINE)
        return y

    def racks(self) -> None:
        """What is left on the shelves, against the last check of each rack, in two columns."""
        found = self.sheet.figures
        y = self.put(MARGIN, self.get_y(), INNER, "Di rak saat ditutup", HEAD) + 0.5
        words = [f"{_number(found.on_shelf)} buku", f"{_number(found.overdue)} lewat batas waktu"]
        if found.not_found:
            words.append(f"{_number(found.not_found)} sedang dicari")
        y = self.put(MARGIN, y, INNER, " · ".join(words), TextStyle(8.5)) + 1.5
        self.line_at(MARGIN, WIDE - MARGIN, y, 0.4, INK)
        for first in range(0, len(found.racks), RACK_COLUMNS):
            if y + 7 > HIGH - BOTTOM:
                self.add_page()
                y = self.get_y()
            heights = [
                self.rack(MARGIN + n * (HALF + GAP), y, rack)
                for n, rack in enumerate(found.racks[first : first + RACK_COLUMNS])
            ]
            y = max(heights)
        self.set_y(y + 6)

    def rack(self, x: float, y: float, rack: Rack) -> float:
        self.put(x, y + 1.2, 20, rack.name, TextStyle(8.5, bold=True))
        self.put(x + 20, y + 1.2, 14, _number(rack.books), TextStyle(8.5, align=Align.R))
        below = self.put(x + 37, y + 1.2, HALF - 37, self.checked(rack), TextStyle(7.5, colour=INK_2)) + 1.2
        self.line_at(x, x + HALF, below, 0.15, LINE)
        return below

    def checked(self, rack: Rack) -> str:
        if rack.checked_at is None:
            return "belum pernah diperiksa"
        at = formats.timestamp(rack.checked_at, self.sheet.timezone, formats.PAPER)
        return f"diperiksa {at}, " + (f"{_number(rack.missing)} tidak ada" if rack.missing else "lengkap")

    def ending(self) -> None:
        """The signatures and the checkpoint, together on one page."""
        if self.get_y() + END > HIGH - BOTTOM:
            self.add_page()
        top = max(self.get_y(), HIGH - BOTTOM - END)
        self.rule(top, 0.6)
        self.image(_qr(self.sheet.checkpoint), WIDE - MARGIN - QR, top + 4, QR, QR)
        width = INNER - QR - 8
        half = (width - 8) / 2
        for n, (title, name) in enumerate((("Penyelia", self.sheet.closed_by), ("Mengetahui", ""))):
            x = MARGIN + n * (half + 8)
            self.put(x, top + 4, half, title, TextStyle(8.5, colour=INK_2))
            self.line_at(x, x + half, top + 25)
            self.put(x, top + 26, half, name or "Nama:", TextStyle(8.5, bold=bool(name)))
            self.put(x, top + 30.5, half, "NIP:", TextStyle(8.5, colour=INK_2))
        y = self.put(MARGIN, top + 38, width, PROOF, TextStyle(6.8, colour=INK_2))
        self.put(MARGIN, y + 0.5, width, f"Kunci {self.sheet.key_id}", TextStyle(6.8, colour=INK_2))


def _register(found: DayFigures) -> list[Row]:
    numbers = ""
    if found.first_number is not None:
        numbers = f"{found.first_number:06d} – {found.last_number:06d}"
    return [
        ("Buku masuk", _number(found.intake)),
        ("Diserahkan", _number(found.handed_over)),
        ("Nomor buku penyerahan", numbers or "–"),
        *((name, _number(found.classes.get(code, 0))) for code, name in REGISTER_CLASSES.items()),
        ("Dibatalkan hari ini", _number(found.voided)),
        ("Diserahkan tanpa kode", _number(found.without_code)),
        ("Tanpa tanda tangan", _number(found.unsigned)),
    ]


def _queue(sheet: ClosedSheet) -> list[Row]:
    found = sheet.figures
    return [
        ("Kendaraan", _number(found.vehicles)),
        *((name, _number(found.visits.get(state, 0))) for state, name in VISITS.items()),
        ("Menunggu: median · 9 dari 10", sheet.wait),
        ("Dilayani: median · 9 dari 10", sheet.service),
        ("Pemindaian yang ditolak", f"{_number(found.refused)} dari {_number(found.scans)}"),
        ("Perubahan urutan", _number(found.order_changes)),
        ("Panggilan penyelia", _number(found.supervisor_calls)),
    ]


def _number(count: int) -> str:
    return formats.number(count, formats.PAPER)


def _qr(text: str) -> Image.Image:
    import qrcode

    symbol = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, box_size=8)
    symbol.add_data(text)
    image: Image.Image = symbol.make_image().get_image()
    return image
