"""Formats of cells: which numbers are dates, and how a padded number is shown.

A spreadsheet stores 12345678971 and shows 0000012345678971 where the format says so. What the reader sees counts.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

_BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
_BUILT_IN = {1: "0", 2: "0.00", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@"}
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', re.DOTALL)
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|(_.|\*.|\[[^\]]*\])|([0#?])|(.)', re.DOTALL)
_DAY_OR_YEAR = re.compile(r"[dDyYeEgG]")
_DECIMALS = re.compile(r"[#0,]*0(?:\.(0+))?(%?)")
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


def rounded(number: float, code: str) -> str | None:
    """The number as a format with decimals or a percent sign shows it, 1.10 or 12%; None for any other format."""
    shown = _DECIMALS.fullmatch(_NOT_SHOWN.sub("", code.partition(";")[0]).strip())
    if not shown or not (shown[1] or shown[2]):
        return None
    exact = Decimal(repr(number)) * (100 if shown[2] else 1)
    return f"{exact.quantize(Decimal(1).scaleb(-len(shown[1] or '')), ROUND_HALF_UP):f}{shown[2]}"


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
