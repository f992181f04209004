"""What a vehicle is known by for one day: its plate (TNKB), the part that a screen may show, and a word of staff."""

import re

from ampera.typed_text import is_visible_line, typed

LOOK_LENGTH = 30
LOOK_DIGITS = 6  # a plate has four; no telephone number, date of birth or NIK is as short

_PLATE = re.compile(r"([A-Z]{1,2}) ?([0-9]{1,4}) ?([A-Z]{0,3})")
_LOOK = re.compile(r"[^\W_](?:[^\W_]|[ .,'/&()+-])*")


def normal(text: str) -> str | None:
    """`bg1234xx` as `BG 1234 XX`; None when it is not a plate."""
    found = _PLATE.fullmatch(re.sub(r"[\s.-]+", " ", typed(text).upper()))
    return " ".join(part for part in found.groups() if part) if found else None


def masked(plate: str | None) -> str | None:
    """`BG ••34 ••`: the region and the last two digits, which only the driver recognizes."""
    found = _PLATE.fullmatch(plate or "")
    if not found:
        return None
    region, digits, letters = found.groups()
    hidden = "•" * (len(digits) - 2) + digits[-2:] if len(digits) > 2 else "•" * len(digits)
    return " ".join(part for part in (region, hidden, "•" * len(letters)) if part)


def look(text: str) -> str | None:
    """`  avanza   putih ` as `avanza putih`: a few words by which staff recognize a vehicle; None for other text."""
    line = " ".join(typed(text).split())
    is_short = len(line) <= LOOK_LENGTH and sum(map(str.isdigit, line)) <= LOOK_DIGITS
    return line if is_short and is_visible_line(line) and _LOOK.fullmatch(line) else None
