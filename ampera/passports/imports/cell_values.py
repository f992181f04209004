"""A spreadsheet cell as text. Lost digits, formulas and hidden characters are refused, never repaired."""

import re
import unicodedata
from datetime import date, datetime

MAX_CELL = 500
CUT_FROM = 10**15  # Excel keeps 15 digits of a number; a float keeps all whole numbers up to 2**53 only

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
_ERROR_VALUE = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
_EMPTY = frozenset(("", "-", "--", "–", "—"))
SEPARATORS = re.compile(r"[\s./()'’–-]+")
FLOAT_TEXT = re.compile(r"(\d+)[.,]0+")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,3}")


class CellError(ValueError):
    """A cell that is refused: the code, and the values for a sentence about the error."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def text_of(cell: object, most: int = MAX_CELL, formula: str = "=+-@") -> str:
    """The cell as one line of text, "" when it is empty. Raises CellError."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip().removeprefix("'").lstrip()  # Excel's mark for numbers stored as text
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        text = _number_text(cell)
    else:
        raise CellError("turned_into_date" if isinstance(cell, date) else "not_text")
    if text in _EMPTY:
        return ""
    if len(text) > most:
        raise CellError("too_long", most=most)
    if text[0] in formula or _ERROR_VALUE.fullmatch(text):
        raise CellError("formula")
    if _CONTROLS.search(text):
        raise CellError("control")
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def _number_text(cell: float) -> str:
    if isinstance(cell, int):
        return str(cell)
    if abs(cell) >= CUT_FROM:  # also infinity
        raise CellError("number_cut")
    return str(int(cell)) if cell.is_integer() else repr(cell)


def digits_of(cell: object) -> str:
    """The text without separators; "" for an empty cell. Raises CellError `number_cut` where Excel lost digits."""
    text = text_of(cell)
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
