"""The rules of the text of a notice: the fields of each kind, what is refused, and how fields are filled in.

A text is plain text. Only the first name and the link belong to a person.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from ampera.offices.options.defaults import NOTICE_KINDS

KINDS = tuple(NOTICE_KINDS)
LINK = "link"
MOST_SUBJECT = 120
MOST_BODY = 1200

_ALWAYS = ("first_name", "link", "office", "documents", "books", "contact")
_WAITING = (*_ALWAYS, "deadline", "days")
FIELDS_OF = {
    "ready": _WAITING,
    "reissued": _WAITING,
    "reminder": _WAITING,
    "extended": _WAITING,
    "booked": (*_WAITING, "slot"),
    "slot_reminder": (*_WAITING, "slot"),
    "slot_off": (*_WAITING, "slot"),
    "collecting": (*_ALWAYS, "time"),
    "collected": (*_ALWAYS, "time", "collector"),
    "cancelled": _ALWAYS,
    "diverted": _ALWAYS,
    "details_changed": tuple(name for name in (*_ALWAYS, "time") if name != LINK),
    "link": _WAITING,
}
# Without these fields the reader could not act on the message.
NEEDED = {kind: (LINK,) for kind in KINDS if kind not in ("cancelled", "diverted", "details_changed")} | {
    "reminder": (LINK, "deadline"),
    "extended": (LINK, "deadline"),
    "booked": (LINK, "slot"),
    "slot_reminder": (LINK, "slot"),
    "slot_off": (LINK, "slot"),
}

_FIELD = re.compile(r"\{([^{}\n]{0,40})\}")
_TAG = re.compile(r"<[A-Za-z/!?]")
_ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.)")
_HIDDEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")  # control characters, and characters that change the reading direction
_JOINERS = "\u200c\u200d"  # harmless, and part of some scripts and emoji


@dataclass(frozen=True)
class TextProblem:
    """Why a text is refused: an error code, and the field that it concerns."""

    code: str
    field: str = ""


def normalized(text: str) -> str:
    """The text in its stored form: uniform line ends, no trailing spaces, no blank lines at the beginning or end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip(" ") for line in lines).strip("\n ")).strip()


def check(kind: str, subject: str, body: str) -> dict[str, TextProblem]:
    """The first problem of the subject and of the body; empty when both are valid."""
    found = {
        "subject": _plain(kind, subject, MOST_SUBJECT, is_line=True) or _subject(subject),
        "body": _plain(kind, body, MOST_BODY, is_line=False) or _body(kind, body),
    }
    return {place: problem for place, problem in found.items() if problem}


def fields_in(text: str) -> set[str]:
    """The names of all fields in a text, known or unknown."""
    return set(_FIELD.findall(text))


def unknown_fields(kind: str, text: str) -> list[str]:
    """The fields in the text that this kind does not have, in their order."""
    return [name for name in _FIELD.findall(text) if name not in FIELDS_OF[kind]]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in. Braces in a value are not filled in again."""
    return _FIELD.sub(lambda field: values.get(field[1], ""), text)


def _plain(kind: str, text: str, most: int, is_line: bool) -> TextProblem | None:
    if not text.strip():
        return TextProblem("text_missing")
    if len(text) > most:
        return TextProblem("text_too_long", str(most))
    if any(_is_hidden(char) and (is_line or char != "\n") for char in text):
        return TextProblem("text_control")
    if _TAG.search(text):
        return TextProblem("text_html")
    if unknown := unknown_fields(kind, text):
        return TextProblem("text_unknown_field", unknown[0])
    if any(brace in _FIELD.sub("", text) for brace in "{}"):
        return TextProblem("text_brace")
    return None


def _subject(subject: str) -> TextProblem | None:
    """No link in a subject: subjects appear on locked screens and in logs of mail servers."""
    return TextProblem("text_link_in_subject") if LINK in fields_in(subject) else None


def _body(kind: str, body: str) -> TextProblem | None:
    missing = [name for name in NEEDED.get(kind, ()) if name not in fields_in(body)]
    if missing:
        return TextProblem("text_field_missing", missing[0])
    if any("{link}" in line and line.strip() != "{link}" for line in body.split("\n")):
        return TextProblem("text_link_alone")
    if _ADDRESS.search(body):
        return TextProblem("text_other_link")
    return None


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN and char not in _JOINERS
