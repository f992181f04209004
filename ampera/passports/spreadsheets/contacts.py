"""Telephone numbers and e-mail addresses as people write them."""

import re
from collections.abc import Callable

from ampera.passports.email_address import is_email_address
from ampera.passports.spreadsheets.cell_values import FLOAT_TEXT, SEPARATORS, CellError, number_text, text_of
from ampera.typed_text import typed

MAX_EMAIL = 254
MOST = 10  # contacts of one cell

_ABROAD = re.compile(r"[1-9]\d{7,14}")
_AT_HOME = re.compile(r"62[1-9]\d{6,12}")
_NOTHING = re.compile(
    r"(?:ti?dak|tdk|tak|belum|blm|tanpa|no|not|none|nihil|kosong|null|nil|n/a)"
    r"(?: (?:ada|punya|diisi|tersedia|memiliki|available|hp|wa|telepon|telp|nomor|email|e-mail|surel|kelompok|grup))*"
    r"\W*",
    re.IGNORECASE,
)
# In the place of a name or a shelf: words of people, and what programs write for nothing, exactly as they write it.
_NO_NAME = re.compile(
    r"(?:(?i:ti?dak|tdk|tak|belum|blm)(?: (?i:ada|diisi|tersedia|diketahui))+"
    r"|N/A|n/a|NaN|nan|None|null|NULL|undefined)\W*"
)
_SEVERAL = re.compile(r"\s*(?:[/;,|&\n\r\t]|\s(?:dan|atau|or|and)\s)\s*", re.IGNORECASE)
_MARKS_ROUND = re.compile(r"^(?:mailto:|tel:|<)|>$")


def phone_of(cell: object) -> str | None:
    """E.164. A number without a country is Indonesian: 08…, 62…, and 8… where Excel removed the zero."""
    text = number_text(cell, formula="=-@")
    if whole := FLOAT_TEXT.fullmatch(text):
        text = whole[1]
    is_abroad = text.startswith(("+", "00"))
    digits = SEPARATORS.sub("", text.removeprefix("+"))
    if not text:
        return None
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith(("0", "8")) and not is_abroad:
        digits = "62" + digits.removeprefix("0")
    if digits.startswith("620"):
        digits = "62" + digits[3:]
    pattern = _AT_HOME if digits.startswith("62") or not is_abroad else _ABROAD
    if not (digits.isascii() and pattern.fullmatch(digits)):
        raise CellError("phone_invalid")
    return f"+{digits}"


def email_of(cell: object) -> str | None:
    """An address in lower case."""
    address = text_of(typed(cell) if isinstance(cell, str) else cell, MAX_EMAIL).lower()
    if address and not is_email_address(address):
        raise CellError("email_invalid")
    return address or None


def is_nothing(cell: object) -> bool:
    """Whether a text says that there is nothing: `tidak ada`, `belum punya`, `n/a`."""
    return isinstance(cell, str) and _NOTHING.fullmatch(typed(cell)) is not None


def is_no_name(cell: object) -> bool:
    """Whether a needed text says that there is nothing. Every other word may be a name: people are called Nil."""
    return isinstance(cell, str) and _NO_NAME.fullmatch(typed(cell)) is not None


def first_of(cell: object, read: Callable[[object], str | None]) -> str | None:
    """The first readable of several contacts in one cell. Raises CellError when none can be read."""
    for part in _SEVERAL.split(typed(cell), MOST)[:MOST] if isinstance(cell, str) else ():
        try:
            if found := read(_MARKS_ROUND.sub("", part)):
                return found
        except CellError:
            continue
    raise CellError("none")
