"""Vehicle plates (TNKB): what is accepted, and what a screen may show of one."""

import re

_PLATE = re.compile(r"([A-Z]{1,2}) ?([0-9]{1,4}) ?([A-Z]{0,3})")


def normal(text: str) -> str | None:
    """`bg1234xx` as `BG 1234 XX`; None when it is not a plate."""
    found = _PLATE.fullmatch(re.sub(r"[\s.-]+", " ", text.strip().upper()))
    return " ".join(part for part in found.groups() if part) if found else None


def masked(plate: str | None) -> str | None:
    """`BG ••34 ••`: region and the last two digits, enough for the driver and for nobody else."""
    found = _PLATE.fullmatch(plate or "")
    if not found:
        return None
    region, digits, letters = found.groups()
    hidden = "•" * (len(digits) - 2) + digits[-2:] if len(digits) > 2 else "•" * len(digits)
    return " ".join(part for part in (region, hidden, "•" * len(letters)) if part)
