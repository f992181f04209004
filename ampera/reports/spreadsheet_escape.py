"""Text on its way into a spreadsheet: never a formula, never a character that breaks the file."""

import re

# A spreadsheet set up for Chinese or Japanese reads the full-width forms as formulas too.
_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MAX_CELL = 32_000


def safe(value: object) -> object:
    """Numbers and dates as they are; text that a spreadsheet would run gets an apostrophe in front."""
    if not isinstance(value, str):
        return value
    text = _CONTROLS.sub("", value)[:MAX_CELL]
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text
