"""A spreadsheet cell as text. Lost digits, formulas and hidden characters are refused, never repaired."""

import re
import unicodedata
from datetime import date, datetime

from ampera.typed_text import INVISIBLE, has_mixed_scripts, trimmed, typed

MAX_CELL = 500
CUT_FROM = 10**15  # Excel keeps 15 digits of a number; a float keeps all whole numbers up to 2**53 only

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BACKWARDS = re.compile("[\u202d\u202e]")  # turn the order of letters around on a screen
# What a failed formula leaves: #REF!, #NAME? and #N/A in the languages of Excel, Err:502 of LibreOffice.
ERROR_VALUE = re.compile(r"#(?:[^\W_][\w/]*[!?]|N/[A-Z]|NV|GETTING_DATA)|Err:\d{3}|#+")
_EMPTY = frozenset(("", "-", "--", "–", "—"))
SEPARATORS = re.compile(r"[\s./()'’‘`´–-]+")
FLOAT_TEXT = re.compile(r"(\d+)[.,]0+")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,3}")
# What stands in the place of letters that a code page lacks or has elsewhere: `Nguy?n`, `Zo‰`, `Mu¤oz`, `J”rg`.
_LOST_LETTER = re.compile(
    r"(?<=\w)\?|\?(?=\w)|[¡¢£¤¥¦§¨©¬®¯°±²³µ¶¸¹¼½¾¿×÷†‡•…‰€™ˆ˜‚„]|(?<=[^\W\d_])[“”«»‹›](?=[^\W\d_])"
)
_LATIN_1_OF_UTF_8 = re.compile("[\xc2-\xf4][\x80-\xbf\u0152-\u2122]")


class CellError(ValueError):
    """A cell that is refused: the code, and the values for a sentence about the error."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def text_of(cell: object, most: int = MAX_CELL, formula: str = "=+-@", is_exact: bool = False) -> str:
    """The cell as one line of text, "" when it is empty. Raises CellError.

    Invisible characters are removed. An `is_exact` text is a legal name: one inside of it is refused instead, and so
    is a damaged letter.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = trimmed(cell).removeprefix("'").lstrip()  # Excel's mark for numbers stored as text
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        text = _number_text(cell)
    else:
        raise CellError("turned_into_date" if isinstance(cell, date) else "not_text")
    if text in _EMPTY:
        return ""
    if len(text) > most:
        raise CellError("too_long", most=most)
    if text[0] in formula or ERROR_VALUE.fullmatch(text):
        raise CellError("formula")
    return _visible(text, is_exact)


def _visible(text: str, is_exact: bool) -> str:
    if is_exact and _LOST_LETTER.search(text):
        raise CellError("damaged")
    if text.isascii():
        if _CONTROLS.search(text):
            raise CellError("control")
        return " ".join(text.split())
    if _CONTROLS.search(text) or (INVISIBLE if is_exact else _BACKWARDS).search(text):
        raise CellError("control")
    if "\ufffd" in text or _is_garbled(text):
        raise CellError("damaged")
    if is_exact and has_mixed_scripts(text):
        raise CellError("damaged")
    return " ".join(unicodedata.normalize("NFC", INVISIBLE.sub("", text)).split())


def _is_garbled(text: str) -> bool:
    """Whether this is UTF-8 that a program has read as Windows-1252, such as `ZoÃ«` for `Zoë`."""
    if not _LATIN_1_OF_UTF_8.search(text):
        return False
    try:
        return len(text.encode("cp1252").decode("utf-8")) < len(text)
    except UnicodeError:
        return False


def _number_text(cell: float) -> str:
    if isinstance(cell, int):
        return str(cell)
    if abs(cell) >= CUT_FROM:  # also infinity
        raise CellError("number_cut")
    return str(int(cell)) if cell.is_integer() else repr(cell)


def number_text(cell: object, formula: str = "=+-@") -> str:
    """The cell of a column of numbers: invisible characters and full width do no harm there. Raises CellError."""
    return text_of(typed(cell) if isinstance(cell, str) else cell, formula=formula)


def digits_of(cell: object) -> str:
    """The text without separators; "" for an empty cell. Raises CellError `number_cut` where Excel lost digits."""
    text = number_text(cell)
    if whole := FLOAT_TEXT.fullmatch(text):
        text = whole[1]
        if int(text) > 2**53:
            raise CellError("number_cut")
    elif _SCIENTIFIC.fullmatch(text):
        raise CellError("number_cut")
    return SEPARATORS.sub("", text)


def shown(cell: object) -> str:
    """A cell as its spreadsheet shows it, at most 60 characters."""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute):
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)
    return text if len(text) <= 60 else text[:59] + "…"
