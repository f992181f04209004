"""Vehicle plates (TNKB): the accepted form, and the part that a screen may show."""

import re

from ampera.typed_text import typed

_PLATE = re.compile(r"([A-Z]{1,2}) ?([0-9]{1,4}) ?([A-Z]{0,3})")


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
