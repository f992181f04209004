"""The base of all printed papers: the typeface, wrapped text, rules from margin to margin.

It is imported only to make a paper, because it loads 20 MB of fonts and drawing code.
"""

import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

from fpdf import FPDF, Align
from fpdf.enums import MethodReturnValue

FONTS = Path(__file__).parent / "fonts"
MARK = Path(__file__).parents[1] / "static" / "img" / "mark.svg"
POINT = 25.4 / 72  # millimetres

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
        self.add_font("Jakarta", "", FONTS / "plus-jakarta-sans-medium.ttf")
        self.add_font("Jakarta", "B", FONTS / "plus-jakarta-sans-extrabold.ttf")
        self.widths: dict[tuple[str, str], float] = {}
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
        self.set_font("Jakarta", "B" if style.bold else "", style.points * self.scale)
        height = style.points * POINT * self.leading
        if self.is_fast and str(self.str_alias_nb_pages) not in text:  # the library puts the total in later
            return self._set_by_words(width, text, style, height, dry_run)
        lines = self.multi_cell(
            width, height, printable(text), align=style.align, dry_run=dry_run, output=MethodReturnValue.LINES
        )
        return len(cast(list[str], lines)) * height

    def _set_by_words(self, width: float, text: str, style: TextStyle, height: float, dry_run: bool) -> float:
        lines = self._lines(width, printable(text))
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
            key = (self.font_style, char)
            if key not in self.widths:
                self.widths[key] = self.get_string_width(char) / self.font_size
            total += self.widths[key]
        return total * self.font_size


def printable(text: str) -> str:
    """The text in letters of the fonts. Other letters lose their accents or become a question mark."""
    return "".join(char if ord(char) in _letters() else _plain(char) for char in text)


def _plain(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0]
    return base if ord(base) in _letters() else "?"


@cache
def _letters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(FONTS / "plus-jakarta-sans-medium.ttf").getBestCmap())
