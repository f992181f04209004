"""Dates as people and spreadsheets write them. A doubtful date is refused, never guessed."""

import re
from datetime import date, datetime, timedelta

from ampera.passports.spreadsheets.cell_values import CellError, number_text

_DAY_FIRST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})")
# A whole cell in the commonest two ways, in which nothing has to be removed or guessed.
_PLAIN = re.compile(r"(?:([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{2})-([0-9]{2})-([0-9]{4}))")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_SHORT_YEAR = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2['’]?\d{2}")  # no date, yet it shows the order of its column
_BETWEEN = r"[-/., ]{0,2}"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_DAY_AND_NAME = re.compile(rf"{_DAY}{_BETWEEN}([a-z]+){_BETWEEN}(\d{{4}})", re.IGNORECASE)
_NAME_AND_DAY = re.compile(rf"([a-z]+){_BETWEEN}{_DAY}[-/., ]{{1,2}}(\d{{4}})", re.IGNORECASE)
_YEAR_AND_NAME = re.compile(rf"(\d{{4}}){_BETWEEN}([a-z]+){_BETWEEN}{_DAY}", re.IGNORECASE)
_DASHES = re.compile("[‐‑‒–—−]")
_SPACED = re.compile(r" *([-/.]) *")
_WEEKDAY = re.compile(
    r"(?:senin|selasa|rabu|kamis|jumat|jum['’`]at|sabtu|minggu|ahad"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)[,. ]\s*",
    re.IGNORECASE,
)
_ZONE = r"(?: ?WIB| ?WITA| ?WIT|\+0[789]:?00)"
_TIME = re.compile(
    rf"(?:T|,? )(?:pukul |jam )?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?:[.,]\d+)?)?(?: ?[AP]M)?{_ZONE}?$", re.IGNORECASE
)
# Midnight in UTC is a day without a time. 17:00 in UTC is the midnight of the next day here, so it is no date.
_UTC = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)$", re.IGNORECASE)
_SERIAL_TEXT = re.compile(r"\d{5}(?:[.,]\d+)?")
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(61, 80_000)  # after the leap day of 1900 that Excel invented, before the year 2119
_MONTHS = (
    "januari january jan",
    "februari february pebruari feb peb febr",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agu agt agust ags agst aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


def date_of(cell: object) -> date | None:
    """dd-mm-yyyy (also with / or .), ISO, a month by its name, a date cell, or a spreadsheet's number of days.

    None for an empty cell. Raises CellError `date_format` or `date_unreal`.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str) and (plain := _PLAIN.fullmatch(cell)):
        return _day(plain[1] or plain[6], plain[2] or plain[5], plain[3] or plain[4])
    text = bare(number_text(cell))
    if not text:
        return None
    if is_serial(text):
        return _from_serial(int(re.split("[.,]", text)[0]))
    if found := _parts(text):
        return _day(*found)
    raise CellError("date_format")


def begins_with_year(cell: object) -> bool:
    """Whether this is a plain ISO date, whose parts have one order only."""
    return isinstance(cell, str) and (plain := _PLAIN.fullmatch(cell)) is not None and plain[1] is not None


def is_serial(text: str) -> bool:
    """Whether a text is a spreadsheet's number of days: a CSV has it where a date cell lost its format."""
    return _SERIAL_TEXT.fullmatch(text) is not None


def bare(text: str) -> str:
    """The text without a weekday before it and a time behind it, with plain marks between its parts."""
    text = _WEEKDAY.sub("", _DASHES.sub("-", text), count=1) if text[:1].isalpha() else _DASHES.sub("-", text)
    return _SPACED.sub(r"\1", _TIME.sub("", _UTC.sub("", text))).removesuffix(".")


def day_and_month(text: str) -> tuple[str, int, int] | None:
    """The mark and the two numbers before the year, in their order; None for a text that names or orders its parts."""
    text = bare(text)
    found = _DAY_FIRST.fullmatch(text) or _SHORT_YEAR.fullmatch(text)
    return (found[2], int(found[1]), int(found[3])) if found else None


def _parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day."""
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[4]), int(found[3]), int(found[1])
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _DAY_AND_NAME.fullmatch(text):
        year, month, day = found[3], found[2], found[1]
    elif found := _NAME_AND_DAY.fullmatch(text):
        year, month, day = found[3], found[1], found[2]
    elif found := _YEAR_AND_NAME.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    else:
        return None
    number = _MONTH.get(month.casefold())
    return (int(year), number, int(day)) if number else None


def _day(year: str | int, month: str | int, day: str | int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise CellError("date_unreal") from None


def _from_serial(days: int) -> date:
    if days not in _SERIALS:
        raise CellError("date_format")
    return _EXCEL_EPOCH + timedelta(days=days)
