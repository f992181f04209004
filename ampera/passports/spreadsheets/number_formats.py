"""Formats of cells: which numbers are dates, and how a padded number is shown.

A spreadsheet stores 12345678971 and shows 0000012345678971 where the format says so. What the reader sees counts.
"""

import re
from decimal import Decimal

_BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
_BUILT_IN = {1: "0", 49: "@"}
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', re.DOTALL)
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|(_.|\*.|\[[^\]]*\])|([0#?])|(.)', re.DOTALL)
_DAY_OR_YEAR = re.compile(r"[dDyYeEgG]")
_NO_PLAIN_NUMBER = re.compile(r"[.,%/@]|[eE][+-]|General", re.IGNORECASE)


def code_of(number_format_id: int, own: dict[int, str]) -> str:
    """The format code with this id: one of the workbook's own, or a built-in one."""
    if number_format_id in own:
        return own[number_format_id]
    return "dd/mm/yyyy" if number_format_id in _BUILT_IN_DATES else _BUILT_IN.get(number_format_id, "")


def is_date(code: str) -> bool:
    """Whether a number with this format is shown as a day. A time without a day stays a number."""
    first = _NOT_SHOWN.sub("", code.partition(";")[0])
    return "general" not in first.casefold() and _DAY_OR_YEAR.search(re.sub("[eE][+-]", "", first)) is not None


def padded(number: float, code: str) -> str | None:
    """The whole number as a format with zeros or literals shows it; None where the plain digits are shown."""
    section = code.partition(";")[0]
    if number < 0 or number != int(number) or _NO_PLAIN_NUMBER.search(_NOT_SHOWN.sub("", section)):
        return None
    parts = [(match[1] or match[2] or match[5] or "", match[4] or "") for match in _TOKEN.finditer(section)]
    places = [mark for _, mark in parts if mark]
    if not places:
        return None
    digits = str(int(Decimal(number))).rjust(len(places))
    shown = _filled(parts, digits[: len(digits) - len(places) + 1], digits[len(digits) - len(places) + 1 :])
    return None if shown == str(int(number)) else shown


def _filled(parts: list[tuple[str, str]], first: str, rest: str) -> str:
    """The format with digits in its places. All surplus digits stand in the first place."""
    out, digits, seen = [], iter((first, *rest)), False
    for literal, mark in parts:
        if not mark:
            out.append(literal)
            continue
        digit = next(digits).strip()
        seen = seen or bool(digit) or mark == "0"
        out.append(digit or ("0" if seen else ""))
    return "".join(out)
