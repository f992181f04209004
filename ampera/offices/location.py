"""Where the lane is and how to get help there, in the reader's language if the office wrote a text in it."""

import re
from dataclasses import dataclass
from typing import Any

from ampera.offices.options.defaults import option

_MAP = "https://www.google.com/maps/search/?api=1&query="
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ().-]{4,24}")


@dataclass(frozen=True)
class LocalText:
    """A text of the office and the language it is in."""

    text: str
    lang: str


@dataclass(frozen=True)
class OfficeLocation:
    """What an applicant needs to find the lane. `geo` is "latitude,longitude"; `telephone` only digits, or ""."""

    directions: LocalText | None
    access: LocalText | None
    geo: str
    contact: str
    telephone: str

    @property
    def map_address(self) -> str:
        """A map in the browser, for phones and desktops that know no geo: addresses. "" without a position."""
        return f"{_MAP}{self.geo}" if self.geo else ""


def place(options: dict[str, Any], language: str) -> OfficeLocation:
    """The location for a reader of 'id' or 'en'. A text that is missing in the language is given in the other one."""
    contact = option(options, "contact")
    found = _TELEPHONE.match(contact)
    return OfficeLocation(
        own_text(options, "directions", language),
        own_text(options, "access", language),
        option(options, "geo").replace(" ", ""),
        contact,
        re.sub(r"[^0-9+]", "", found[0]) if found else "",
    )


def own_text(options: dict[str, Any], name: str, language: str) -> LocalText | None:
    """The office's text of this option; in the other language where it wrote none in the reader's."""
    texts = {"id": option(options, name), "en": option(options, f"{name}_en")}
    other = "id" if language == "en" else "en"
    return next((LocalText(texts[lang], lang) for lang in (language, other) if texts[lang]), None)
