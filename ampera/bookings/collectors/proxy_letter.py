"""The power of attorney (surat kuasa) for a proxy: one A4 page to complete by hand and to sign over a duty stamp.

A link alone opens it, so it shows only the first name of a holder, and of the proxy the submitted name.
"""

from dataclasses import dataclass

from fpdf import Align

from ampera.languages import Bilingual, both, both_plural
from ampera.paper import INK, INK_2, LINE, Colour, Sheet, TextStyle

MARGIN, WIDTH = 22, 210
INSIDE = WIDTH - 2 * MARGIN
LABEL_WIDTH = 50
MOST_NAMES = 28
NAMES_SHRINK = 14  # from this number of names on, the type is smaller
STAMP = (30, 22)  # millimetres: a duty stamp with a margin

GIVER = (both("Nama lengkap"), both("NIK / nomor identitas"), both("Alamat"))
RECEIVER = (both("Nama lengkap"), both("Jenis dan nomor identitas"), both("Alamat"))


@dataclass(frozen=True)
class ProxyLetter:
    """The contents of the letter. `receiver` may be empty; `bring` lists what the proxy shows.

    `names` are the holders' first names, told apart where two would read alike.
    """

    office: str
    address: str
    receiver: str
    names: tuple[str, ...]
    bring: Bilingual


def pdf(letter: ProxyLetter) -> bytes:
    """The letter as a PDF of one page."""
    page = _Page("Surat kuasa", "a4")
    page.add_page()
    title = both("SURAT KUASA")
    y = page.centred(18, title.id, 20, bold=True)
    y = page.centred(y - 0.5, title.en, 9.5, colour=INK_2) + 6
    y = _people(page, y, letter)
    y = _power(page, y, letter)
    _signatures(page, max(y + 5, 176))
    _foot(page, letter)
    return bytes(page.output())


def _people(page: "_Page", y: float, letter: ProxyLetter) -> float:
    y = page.bilingual(y, both("Yang bertanda tangan di bawah ini, pemberi kuasa:"))
    y = page.blanks(y + 3, GIVER, "")
    y = page.bilingual(y + 3, both("memberi kuasa kepada, penerima kuasa:"))
    return page.blanks(y + 3, RECEIVER, letter.receiver) + 3


def _power(page: "_Page", y: float, letter: ProxyLetter) -> float:
    """The purpose of the letter. Holders appear by first name: a link reveals no more."""
    count, names = len(letter.names), listed(letter.names)
    purpose = both_plural(
        "untuk mengambil {count} paspor di {office} dan menandatangani buku penyerahan, atas nama:", count
    )
    y = page.bilingual(y, purpose.format(count=count, office=letter.office))
    points = 12 if count < NAMES_SHRINK else 8.5
    return page.put(MARGIN, y + 2, INSIDE, names, TextStyle(points, bold=True))


def listed(names: tuple[str, ...]) -> str:
    """The names; beyond MOST_NAMES the rest is a number."""
    shown, more = names[:MOST_NAMES], len(names) - MOST_NAMES
    rest = both("dan {count} lainnya").format(count=more)
    return ", ".join(shown) + (f", {rest.id} / {rest.en}" if more > 0 else "")


def _signatures(page: "_Page", y: float) -> None:
    page.label(MARGIN, y, INSIDE, both("Tempat, tanggal:"))
    page.line_at(MARGIN + 34, MARGIN + 120, y + 6)
    width, top = 70, y + 15
    right = WIDTH - MARGIN - width
    for x, role in ((MARGIN, both("Penerima kuasa")), (right, both("Pemberi kuasa"))):
        page.label(x, top, width, role, bold=True)
        page.line_at(x, x + width, top + 40)
        page.put(x, top + 41, width, both("Tanda tangan dan nama lengkap").beside, TextStyle(7, colour=INK_2))
    page.stamp(right, top + 12)


def _foot(page: "_Page", letter: ProxyLetter) -> None:
    y: float = 266
    page.rule(y, 0.25, LINE)
    brings = both("Penerima kuasa membawa: {what}.").format(what=letter.bring)
    y = page.put(MARGIN, y + 2.5, INSIDE, brings.id, TextStyle(8.5, bold=True))
    y = page.put(MARGIN, y, INSIDE, brings.en, TextStyle(7.5, colour=INK_2))
    where = " · ".join(filter(None, (letter.office, letter.address)))
    page.put(MARGIN, y + 1.5, INSIDE, where, TextStyle(7.5, colour=INK_2))


class _Page(Sheet):
    """An A4 page with every sentence in Indonesian and, below it in small type, in English."""

    margin = MARGIN
    leading = 1.32

    def centred(self, y: float, text: str, points: float, bold: bool = False, colour: Colour = INK) -> float:
        return self.put(MARGIN, y, INSIDE, text, TextStyle(points, bold, colour, Align.C))

    def bilingual(self, y: float, text: Bilingual) -> float:
        y = self.put(MARGIN, y, INSIDE, text.id, TextStyle(10.5))
        return self.put(MARGIN, y, INSIDE, text.en, TextStyle(7.5, colour=INK_2))

    def label(self, x: float, y: float, width: float, text: Bilingual, bold: bool = False) -> None:
        """One line in each language."""
        self.put(x, y, width, text.id, TextStyle(10.5, bold))
        self.put(x, y + 4.8, width, text.en, TextStyle(7.5, colour=INK_2))

    def blanks(self, y: float, labels: tuple[Bilingual, ...], first: str) -> float:
        """Lines to fill in by hand. `first` is the printed value of the first line, or empty."""
        x: float = MARGIN + LABEL_WIDTH
        value = first
        for label in labels:
            self.label(MARGIN, y, LABEL_WIDTH, label)
            below = y + 6
            if value:
                below = max(below, self.put(x, y - 0.5, INSIDE - LABEL_WIDTH, value, TextStyle(12, bold=True)))
            self.line_at(x, WIDTH - MARGIN, below)
            y, value = below + 5, ""
        return y

    def stamp(self, x: float, y: float) -> None:
        """The place of the duty stamp. The signature must cross its edge."""
        self.set_draw_color(*INK_2)
        self.set_line_width(0.25)
        self.set_dash_pattern(1.5, 1.2)
        self.rect(x, y, *STAMP)
        self.set_dash_pattern()
        for line, word in enumerate(("Meterai", "Rp10.000")):
            self.put(x, y + 6.5 + 4.2 * line, STAMP[0], word, TextStyle(8.5, colour=INK_2, align=Align.C))
