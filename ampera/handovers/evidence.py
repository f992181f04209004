"""Comparison of what was typed from the card and the book in hand with the record. Pure; never shows the record."""

import hmac
import re
from dataclasses import dataclass
from datetime import date

from ampera.typed_text import typed

MATCH, MISMATCH, MISSING = "match", "mismatch", "missing"
LAST = 4


@dataclass(frozen=True)
class Identity:
    """What the officer typed from the card in hand."""

    nik_last4: str | None = None
    birth_date: date | None = None
    document_last4: str | None = None


@dataclass(frozen=True)
class Holder:
    """The proofs of the holder that are on record.

    `is_looked_up` when the book was found by its birth date, which then proves nothing more.
    """

    nik: str | None
    birth_date: date
    document_no: str | None
    is_looked_up: bool = False


@dataclass(frozen=True)
class Proof:
    """How one book compares with its record: `match`, `mismatch` or `missing` for the identity and for the book.

    `identity_by` and `book_by` name the evidence that is written into the register.
    """

    identity: str
    identity_by: str
    book: str
    book_by: str


def prove(holder: Holder, passport_no: str, identity: Identity, book: str) -> Proof:
    """Judge the evidence of one book, once: refusal and register both use this result."""
    return Proof(
        identity=check_identity(holder, identity),
        identity_by=_identity_by(holder, identity),
        book=check_book(passport_no, book),
        book_by="last4" if len(_plain(book)) == LAST else "number",
    )


def check_identity(holder: Holder, typed: Identity) -> str:
    """`match`, `mismatch`, or `missing` when too little was typed to decide.

    With a NIK on record, its last four digits or the birth date prove the holder; only the digits do when the book was
    found by the birth date. Without a NIK the birth date and the last four characters of the old document do, or the
    birth date alone when no document is on record.
    """
    if holder.nik and holder.is_looked_up and not typed.nik_last4:
        return MISSING
    compared: list[bool] = []
    if typed.birth_date is not None:
        compared.append(typed.birth_date == holder.birth_date)
    if holder.nik and typed.nik_last4:
        compared.append(_same(_plain(typed.nik_last4), holder.nik[-LAST:]))
    if not holder.nik and holder.document_no:
        if not typed.document_last4:
            return MISSING
        compared.append(_same(_plain(typed.document_last4), _plain(holder.document_no)[-LAST:]))
    if not compared or (not holder.nik and typed.birth_date is None):
        return MISSING
    return MATCH if all(compared) else MISMATCH


def check_book(passport_no: str, typed: str) -> str:
    """Whether the number in the physical book is this record's: the whole number, or its last four."""
    number, given = _plain(passport_no), _plain(typed)
    if not given:
        return MISSING
    expected = number[-LAST:] if len(given) == LAST else number
    return MATCH if _same(given, expected) else MISMATCH


def _identity_by(holder: Holder, typed: Identity) -> str:
    if holder.nik and typed.nik_last4:
        return "nik_last4"
    return "birth_date+document" if not holder.nik and holder.document_no else "birth_date"


def _plain(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", typed(text).upper())


def _same(typed: str, expected: str) -> bool:
    return hmac.compare_digest(typed.strip().encode(), expected.encode())
