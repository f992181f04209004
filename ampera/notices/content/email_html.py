"""A message as plain text and as HTML (`templates/notices/email.html.jinja`) for mail programs of any age.

The template escapes every text of an office and of a person.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, Template

from ampera.notices.channels.base import QR_CID
from ampera.notices.content import default_texts
from ampera.settings import PROJECT

TEMPLATE = "email.html.jinja"
BETWEEN = "\n\n– – –\n\n"  # between two languages
QR_WIDTH = 330  # pixels: 33 modules of 10 pixels are about 60 mm on a phone, with the quiet zone
_DATE_OR_SPAN = re.compile(r"(\d\d-\d\d-\d{4}|\d\d[.:]\d\d–\d\d[.:]\d\d)")


class Part(NamedTuple):
    """The text of a message in one language, with its fields filled in."""

    language: str
    subject: str
    body: str

    @property
    def lines(self) -> list[str]:
        """The lines of the body, without the blank lines between paragraphs."""
        return [line for block in self.body.split("\n\n") if block.strip() for line in block.split("\n")]

    def reason(self, office: str) -> str:
        """Why the reader gets this message."""
        return default_texts.in_language(default_texts.WHY, self.language).replace("{office}", office)


def subject(parts: Sequence[Part]) -> str:
    """The subjects of all languages, without duplicates."""
    return " / ".join(dict.fromkeys(part.subject for part in parts))


def text(parts: Sequence[Part], office: str) -> str:
    """The plain text: all languages, each with the reason why the reader gets this message."""
    return BETWEEN.join(f"{part.body}\n\n{part.reason(office)}" for part in parts) + "\n"


def html(parts: Sequence[Part], office: str, link: str, has_qr: bool) -> str:
    """The HTML of the mail. The line of the body that is the link becomes a button."""
    return _template().render(
        parts=parts, subject=subject(parts), office=office, link=link, has_qr=has_qr, texts=default_texts
    )


def pieces(line: str) -> Iterator[tuple[str, bool]]:
    """The line in pieces. True marks a date or a span of time, which must not be broken at the end of a line."""
    for number, piece in enumerate(_DATE_OR_SPAN.split(line)):
        if piece:
            yield piece, number % 2 == 1


@cache
def _template() -> Template:
    """A separate environment: messages are composed on a thread without an app context."""
    loader = FileSystemLoader(PROJECT / "templates" / "notices")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["pieces"] = pieces
    environment.globals.update(qr_cid=QR_CID, qr_width=QR_WIDTH)
    return environment.get_template(TEMPLATE)
