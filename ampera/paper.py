"""The base of all printed papers: the typeface, wrapped text, rules from margin to margin.

It is imported only to make a paper, because it loads 20 MB of fonts and drawing code.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from fpdf import FPDF, Align
from fpdf.enums import MethodReturnValue

FONTS = Path(__file__).parent / "fonts"
MARK = Path(__file__).parents[1] / "static" / "img" / "mark.svg"
POINT = 25.4 / 72  # millimetres
JAKARTA, DEJAVU, CJK = "Jakarta", "DejaVu", "Droid"
# Regular and bold. The first one sets all papers; the others set names that it lacks letters for.
FAMILIES = {
    JAKARTA: ("plus-jakarta-sans-medium.ttf", "plus-jakarta-sans-extrabold.ttf"),
    DEJAVU: ("dejavu-sans.ttf", "dejavu-sans-bold.ttf"),  # Latin of all languages, Cyrillic, Greek, Arabic, Hebrew
    CJK: ("droid-sans-fallback.ttf", "droid-sans-fallback.ttf"),  # Chinese and Japanese; it has one weight
}
BLANK = " \n"
JOINERS = "\u200c\u200d"  # Persian and other scripts spell with them

Colour = tuple[int, int, int]
INK: Colour = (20, 22, 43)
INK_2: Colour = (68, 74, 107)
LINE: Colour = (195, 200, 220)
VOID: Colour = (110, 10, 20)
BRAND = "#1c2452"


class TextStyle(NamedTuple):
    """How a text is set; its size is in points."""

    points: float
    bold: bool = False
    colour: Colour = INK
    align: Align = Align.L


class Sheet(FPDF):
    """Pages in millimetres. A `scale` enlarges everything, as if printed on larger paper."""

    margin = 10.0
    leading = 1.25  # of the lines, in heights of a letter
    is_fast = False  # set text by words, without the library's rules for the end of a line: four times as fast

    def __init__(
        self, title: str, size: str | tuple[float, float], orientation: str = "portrait", scale: float = 1
    ) -> None:
        super().__init__(orientation, 1 / POINT * scale, size)
        self.scale = scale
        self.set_margin(0)
        self.c_margin = 0
        self.set_auto_page_break(False)
        for style, file in zip(("", "B"), FAMILIES[JAKARTA], strict=True):
            self.add_font(JAKARTA, style, FONTS / file)
        self._widths: dict[tuple[str, str, str], float] = {}
        self._loaded = {JAKARTA}
        self.set_title(title)
        self.set_lang("id")

    def put(self, x: float, y: float, width: float, text: str, style: TextStyle) -> float:
        """Write `text` wrapped within `width` with its top at `y`. Returns the top of the next line."""
        self.set_text_color(*style.colour)
        self.set_xy(x, y)
        return y + self._wrap(width, text, style)

    def height_of(self, width: float, text: str, style: TextStyle) -> float:
        """The height of the text in millimetres; nothing is written."""
        return self._wrap(width, text, style, dry_run=True)

    def rule(self, y: float, width: float, colour: Colour = INK) -> None:
        """A line from margin to margin."""
        self.line_at(self.margin, self.w - self.margin, y, width, colour)

    def line_at(self, start: float, end: float, y: float, width: float = 0.25, colour: Colour = INK_2) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(width)
        self.line(start, y, end, y)

    def _wrap(self, width: float, text: str, style: TextStyle, dry_run: bool = False) -> float:
        text = printable(text)
        family, is_whole = family_for(text)
        self._use(family, style, needs_cjk=not is_whole)
        height = style.points * POINT * self.leading
        if self._is_plain(text) and is_whole:
            return self._set_by_words(width, text, style, height, dry_run)
        with self._shaping(text):
            lines = self.multi_cell(
                width, height, text, align=style.align, dry_run=dry_run, output=MethodReturnValue.LINES
            )
        return len(cast(list[str], lines)) * height

    def _use(self, family: str, style: TextStyle, needs_cjk: bool) -> None:
        """Set the font; those of other scripts are loaded when the first name needs them."""
        for name in (family, CJK) if needs_cjk else (family,):
            if name not in self._loaded:
                self._loaded.add(name)
                regular, bold = FAMILIES[name]
                self.add_font(name, "", FONTS / regular)
                self.add_font(name, "B", FONTS / bold)
        self.set_fallback_fonts([CJK] if needs_cjk else [], exact_match=False)
        self.set_font(family, "B" if style.bold else "", style.points * self.scale)

    def _is_plain(self, text: str) -> bool:
        """Whether the fast rule may set this text. The library puts the total of pages in later."""
        return self.is_fast and str(self.str_alias_nb_pages) not in text and not is_right_to_left(text)

    @contextmanager
    def _shaping(self, text: str) -> Iterator[None]:
        """Joined letters from right to left (Arabic, Hebrew); other scripts need no shaping, which is slow."""
        if not is_right_to_left(text):
            yield
            return
        self.set_text_shaping(True)
        yield
        self.set_text_shaping(False)

    def _set_by_words(self, width: float, text: str, style: TextStyle, height: float, dry_run: bool) -> float:
        lines = self._lines(width, text)
        if not dry_run:
            x, y = self.get_x(), self.get_y() + 0.5 * height + 0.3 * self.font_size
            for n, line in enumerate(lines):
                shift = width - self._width(line) if style.align == Align.R else 0
                self.text(x + shift, y + n * height, line)
        return len(lines) * height

    def _lines(self, width: float, text: str) -> list[str]:
        """The words of the text in lines that fit; a word that is longer than a line is broken where the line ends."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines[-1] else word
            if self._width(longer) <= width:
                lines[-1] = longer
                continue
            lines += [word] if lines[-1] else []
            lines[-1] = word
            while (fits := self._fitting(lines[-1], width)) < len(lines[-1]):
                lines[-1:] = [lines[-1][:fits], lines[-1][fits:]]
        return lines

    def _fitting(self, word: str, width: float) -> int:
        """How many letters of the word fit, at least one."""
        fits = len(word)
        while fits > 1 and self._width(word[:fits]) > width:
            fits -= 1
        return fits

    def _width(self, text: str) -> float:
        """The width in the present font. The width of each letter is asked once."""
        total = 0.0
        for char in text:
            key = (self.font_family, self.font_style, char)
            if key not in self._widths:
                self._widths[key] = self.get_string_width(char) / self.font_size
            total += self._widths[key]
        return total * self.font_size


def printable(text: str) -> str:
    """The text as it can be printed: a letter that no font has becomes its number, `[U+0E2A]`, never another letter.

    The papers are records: a letter that is left out or replaced would be changed evidence. Marks that turn the
    direction of a text, and other letters that nobody sees, are printed as their numbers as well.
    """
    return "".join(_printed(char) for char in unicodedata.normalize("NFC", text))


def family_for(text: str) -> tuple[str, bool]:
    """The family that sets this text, and whether it has all letters (else the one of East Asia helps it)."""
    for family in (JAKARTA, DEJAVU):
        if all(ord(char) in letters(family) for char in text if char not in BLANK):
            return family, True
    return DEJAVU, False


def is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def _printed(char: str) -> str:
    if char in BLANK or char in JOINERS:
        return char
    is_seen = unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    return char if is_seen and any(ord(char) in letters(family) for family in FAMILIES) else f"[U+{ord(char):04X}]"


@cache
def letters(family: str) -> frozenset[int]:
    """The letters of a family, by their numbers."""
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / FAMILIES[family][0], lazy=True) as font:
        return frozenset(font.getBestCmap())
