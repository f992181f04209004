"""The input of 'Find my pickup': its form is checked here, not whether such a book exists."""

import re
from datetime import date
from typing import NamedTuple

from ampera.typed_text import typed

OLDEST = date(1900, 1, 1)

_GAPS = re.compile(r"[\s.\-/]+")
_NUMBER = re.compile(r"[0-9]{8,20}", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})\D{1,3}([0-9]{1,2})\D{1,3}([0-9]{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"([0-9]{4})\D{1,3}([0-9]{1,2})\D{1,3}([0-9]{1,2})", re.ASCII)
_TOGETHER = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})", re.ASCII)


class SearchInput(NamedTuple):
    """The application number and the birth date of a request."""

    application_no: str
    birth_date: date


def application_no(text: str) -> str | None:
    """8 to 20 digits without separators; None for any other text."""
    digits = _GAPS.sub("", typed(text[:80]))
    return digits if _NUMBER.fullmatch(digits) else None


def birth_date(text: str, today: date) -> date | None:
    """dd-mm-yyyy with any separator or none, or yyyy-mm-dd; None for an impossible date."""
    text = typed(text[:80])[:20]
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text) or _TOGETHER.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return born if OLDEST <= born <= today else None
