"""A message as it is read: plain text, and the same as HTML that mail programs of any age show.

Nothing of an office's or a person's words is ever markup here: all of it is escaped.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from ampera.notices.channels.base import QR_CID
from ampera.notices.content import default_texts

BETWEEN = "\n\n– – –\n\n"  # one language below the other
INK, QUIET, GROUND, LINE, BRAND = "#14162b", "#444a6b", "#ffffff", "#c3c8dc", "#1c2452"
FONT = "font-family:Arial,Helvetica,sans-serif"
QR_WIDTH = 330  # 33 modules of 10 pixels: about 60 mm on a phone with its quiet zone
_DAY_OR_SPAN = re.compile(r"\d\d-\d\d-\d{4}|\d\d[.:]\d\d–\d\d[.:]\d\d")


class Part(NamedTuple):
    """What is said in one language, its fields filled in."""

    language: str
    subject: str
    body: str


def subject(parts: Sequence[Part]) -> str:
    """In all languages, each said once."""
    return " / ".join(dict.fromkeys(part.subject for part in parts))


def text(parts: Sequence[Part], office: str) -> str:
    """The plain part: the languages one below the other, and why somebody gets this."""
    return BETWEEN.join(f"{part.body}\n\n{why(part.language, office)}" for part in parts) + "\n"


def why(language: str, office: str) -> str:
    return default_texts.WHY[language].replace("{office}", office)


def html(parts: Sequence[Part], office: str, link: str, has_qr: bool) -> str:
    """Tables and styles on the elements: what every mail program understands. Dark ones may turn all but the QR."""
    told = [_part(part, link, has_qr and number == 0) for number, part in enumerate(parts)]
    told += [_cell(_small(why(part.language, office)), part.language, "12px 24px") for part in parts]
    return (
        f'<!doctype html><html lang="{parts[0].language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(subject(parts))}</title></head>"
        f'<body style="margin:0;padding:0;background:#f3f4fa"><table role="presentation" width="100%" cellpadding="0" '
        'cellspacing="0" border="0" style="background:#f3f4fa"><tr><td align="center" style="padding:16px 8px">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="max-width:560px;background:{GROUND};border:1px solid {LINE};{FONT};color:{INK}">'
        f'<tr><td style="padding:16px 24px;background:{BRAND};color:#ffffff;font-size:18px;font-weight:bold">'
        f"{escape(office)}</td></tr>{''.join(told)}</table></td></tr></table></body></html>"
    )


def _part(part: Part, link: str, has_qr: bool) -> str:
    heading = f'<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;color:{INK}">{_words(part.subject)}</h1>'
    blocks = [block for block in part.body.split("\n\n") if block.strip()]
    inner = "".join(_block(block, part.language, link) for block in blocks)
    return _cell(heading + inner + (_qr(part.language) if has_qr else ""), part.language, "24px 24px 8px")


def _block(block: str, language: str, link: str) -> str:
    """A paragraph; the line that is the link becomes the button."""
    lines, told = block.split("\n"), []
    for line in lines:
        told.append(_button(language, link) if link and line.strip() == link else _line(line))
    return "".join(told)


def _line(line: str) -> str:
    return f'<p style="margin:0 0 12px;font-size:16px;line-height:1.5;color:{INK}">{_words(line)}</p>'


def _words(line: str) -> str:
    """Escaped; a day and a span of time are not broken at the end of a line."""
    return _DAY_OR_SPAN.sub(r'<span style="white-space:nowrap">\g<0></span>', escape(line))


def _button(language: str, link: str) -> str:
    word = escape(default_texts.OPEN_PAGE[language])
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 20px"><tr>'
        f'<td style="background:{BRAND};border-radius:3px"><a href="{escape(link)}" style="display:inline-block;'
        f'padding:14px 24px;{FONT};font-size:18px;font-weight:bold;color:#ffffff;text-decoration:none">{word}</a>'
        "</td></tr></table>"
    )


def _qr(language: str) -> str:
    """Dark on white whatever the program does with the rest."""
    alt = escape(default_texts.QR[language])
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px"><tr>'
        f'<td bgcolor="#ffffff" style="background:#ffffff;padding:0"><img src="cid:{QR_CID}" alt="{alt}" '
        f'width="{QR_WIDTH}" height="{QR_WIDTH}" style="display:block;width:100%;max-width:{QR_WIDTH}px;height:auto;'
        'background:#ffffff;border:0;image-rendering:pixelated"></td></tr></table>'
    )


def _cell(inner: str, language: str, padding: str) -> str:
    return f'<tr><td lang="{language}" style="padding:{padding};border-top:1px solid {LINE}">{inner}</td></tr>'


def _small(line: str) -> str:
    return f'<p style="margin:0;font-size:14px;line-height:1.5;color:{QUIET}">{escape(line)}</p>'
