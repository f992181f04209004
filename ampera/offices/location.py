"""Where the lane is and how to get help there, in the reader's language as far as the office wrote it."""

import re
from dataclasses import dataclass
from typing import Any

from ampera.offices.options.defaults import option

_TELEPHONE = re.compile(r"\+?[0-9][0-9 ().-]{4,24}")


@dataclass(frozen=True)
class Said:
    """A text of the office and the language it is in."""

    text: str
    lang: str


@dataclass(frozen=True)
class OfficeLocation:
    """What an applicant needs to find the lane. `geo` is "latitude,longitude"; `telephone` only digits, or ""."""

    directions: Said | None
    access: Said | None
    geo: str
    contact: str
    telephone: str


def place(options: dict[str, Any], language: str) -> OfficeLocation:
    """The office's options as a reader of 'id' or 'en' needs them; the other language is better than none."""
    contact = option(options, "contact")
    found = _TELEPHONE.match(contact)
    return OfficeLocation(
        _said(options, "directions", language),
        _said(options, "access", language),
        option(options, "geo").replace(" ", ""),
        contact,
        re.sub(r"[^0-9+]", "", found[0]) if found else "",
    )


def _said(options: dict[str, Any], name: str, language: str) -> Said | None:
    texts = {"id": option(options, name), "en": option(options, f"{name}_en")}
    other = "id" if language == "en" else "en"
    return next((Said(texts[one], one) for one in (language, other) if texts[one]), None)
