"""The ways in which a typed text finds books: by words of the name, the shelf, or a number.

The number of a book is found as a whole only: it must come from the book in the hand.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal

from ampera.migrations.word_triggers import END, LAST_DIGITS, SHELF
from ampera.passports import fields
from ampera.passports.models import Passport
from ampera.sql.statements import begins
from ampera.typed_text import folded, joined_words, typed

MAX_TEXT = 100
FEWEST_DIGITS = 3  # fewer digits are a shelf, not a number

_SEPARATORS = re.compile(r"[\s./()\u2010-\u2015-]+")


class Way(NamedTuple):
    """`holds` is the condition on a book. The books are found by `words` (their index has a word that begins so, for
    each of them) or by `number` (a condition on an indexed column).

    `is_exact`: the words alone decide.
    """

    holds: ColumnElement[bool]
    words: tuple[str, ...] = ()
    number: ColumnElement[bool] | None = None
    is_exact: bool = False


def ways(text: str) -> list[Way]:
    """What a person typed: every word begins a word of the name, or it is (part of) a number, or a shelf."""
    text = typed(text)[:MAX_TEXT]
    joined = _SEPARATORS.sub("", text).upper()
    if not joined:
        return []
    shelf = func.upper(Passport.shelf).startswith(text.upper(), autoescape=True)
    found = [Way(shelf, (SHELF + text.upper(),), is_exact=True)]
    found += [_name(words.split()) for words in {folded(text), joined_words(text)} - {""}]
    if is_book_number(text):
        found.append(_number(Passport.passport_no == joined))
    digits = joined.removeprefix("+")
    if digits.isascii() and digits.isdecimal() and len(digits) >= FEWEST_DIGITS:
        found += _numbers(digits)
    return found


def is_book_number(text: str) -> bool:
    """Whether the text can be the whole number of a book. Such searches are rate-limited, so that nobody can try."""
    joined = _SEPARATORS.sub("", typed(text)).upper()
    return fields.is_document_no(joined) and any(char.isdigit() for char in joined)


def names(key: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether every one of the words begins a word of this key of a name."""
    return and_(*((literal(" ") + key).contains(f" {word}", autoescape=True) for word in words))


def _name(words: Sequence[str]) -> Way:
    return Way(names(Passport.name_key, words), tuple(words), is_exact=True)


def _number(condition: ColumnElement[bool]) -> Way:
    return Way(condition, number=condition)


def _numbers(digits: str) -> Iterator[Way]:
    yield _number(begins(Passport.application_no, digits))
    yield Way(Passport.application_no.endswith(digits), (END + digits[-LAST_DIGITS:],))
    for start in _phone_starts(digits):
        yield _number(begins(Passport.phone, start))


def _phone_starts(digits: str) -> Sequence[str]:
    """How the stored number (E.164) may begin for digits typed as 08…, 628… or 8…."""
    if digits.startswith("0"):
        return (f"+62{digits[1:]}",)
    return f"+{digits}", f"+62{digits}"
