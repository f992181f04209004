"""The ways in which a typed text finds books: by words of the name, the shelf, or a number.

The number of a book is found as a whole only: it must come from the book in the hand.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, type_coerce

from ampera.migrations.word_triggers import END, LAST_DIGITS, SHELF
from ampera.passports import fields
from ampera.passports.models import PHONE, Passport
from ampera.sql.sealed import marks
from ampera.sql.statements import BYTEWISE, LAST_CHAR
from ampera.typed_text import folded, joined_words, typed

MAX_TEXT = 100
FEWEST_DIGITS = 3  # fewer digits are a shelf, not a number
BY_NAME, BY_SHELF, BY_END = "name", "shelf", "end"  # these ways have an index of words
BY_BOOK, BY_APPLICATION, BY_PHONE = "book", "application", "phone"  # these have an index of the table
ARE_EXACT = (BY_NAME, BY_SHELF)  # their words alone decide

_SEPARATORS = re.compile(r"[\s./()\u2010-\u2015-]+")
_ESCAPE = "/"


class Way(NamedTuple):
    """One way of a text. `values` are those of its condition; `words` begin words of the index, one or several."""

    kind: str
    values: tuple[str, ...]
    words: tuple[str, ...] = ()

    @property
    def holds(self) -> ColumnElement[bool]:
        return condition(self.kind, self.values)


def condition(kind: str, values: Sequence[Any]) -> ColumnElement[bool]:
    """The condition of a way on a book; `values` may be parameters."""
    if kind == BY_NAME:
        return names(Passport.name_key, values)
    if kind == BY_SHELF:
        return func.upper(Passport.shelf).like(values[0], escape=_ESCAPE)
    if kind == BY_END:
        return Passport.application_no.like(values[0])
    if kind == BY_BOOK:
        return Passport.passport_no == values[0]
    column: Any = Passport.application_no if kind == BY_APPLICATION else type_coerce(Passport.phone, BYTEWISE)
    return and_(column >= values[0], column < values[1])


def names(key: Any, patterns: Sequence[Any]) -> ColumnElement[bool]:
    """Whether this key of a name has a word for every one of the `patterns`."""
    return and_(*((literal(" ") + key).like(pattern) for pattern in patterns))


def pattern(word: str) -> str:
    """Finds a word that begins so. A folded word has no sign that LIKE would read."""
    return f"% {word}%"


def ways(text: str) -> Iterator[Way]:
    """What a person typed: every word begins a word of the name, or it is (part of) a number, or a shelf."""
    text = typed(text)[:MAX_TEXT]
    joined = _SEPARATORS.sub("", text).upper()
    if not joined:
        return
    yield Way(BY_SHELF, (_escaped(text.upper()) + "%",), (SHELF + text.upper(),))
    for name in {folded(text), joined_words(text)} - {""}:
        words = tuple(dict.fromkeys(name.split()))
        yield Way(BY_NAME, tuple(map(pattern, words)), words)
    if is_book_number(text):
        yield Way(BY_BOOK, (joined,))
    digits = joined.removeprefix("+")
    if digits.isascii() and digits.isdecimal() and len(digits) >= FEWEST_DIGITS:
        yield from _numbers(digits)


def is_book_number(text: str) -> bool:
    """Whether the text can be the whole number of a book. Such searches are rate-limited, so that nobody can try."""
    joined = _SEPARATORS.sub("", typed(text)).upper()
    return fields.is_document_no(joined) and any(char.isdigit() for char in joined)


def _numbers(digits: str) -> Iterator[Way]:
    yield Way(BY_APPLICATION, (digits, digits + LAST_CHAR))
    yield Way(BY_END, (f"%{digits}",), (END + digits[-LAST_DIGITS:],))
    for number in _phones(digits):
        yield from (Way(BY_PHONE, (mark, mark + LAST_CHAR)) for mark in marks(number, PHONE))


def _phones(digits: str) -> Sequence[str]:
    """The stored number (E.164) for digits typed as 08…, 628… or 8…. It is encrypted, so only a whole one is found."""
    if digits.startswith("0"):
        return (f"+62{digits[1:]}",)
    return f"+{digits}", f"+62{digits}"


def _escaped(text: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        text = text.replace(sign, _ESCAPE + sign)
    return text
