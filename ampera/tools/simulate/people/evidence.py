"""What collectors show and sign, in the form that the officer enters."""

import functools
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from ampera.passports.fields import Record, name_key
from ampera.visits.holders import holder_numbers

SHOWN = {
    "self": ["payment", "identity"],
    "family": ["payment", "family_card", "identity"],
    "proxy": ["payment", "proxy_letter", "identity"],
}


class _Holder(NamedTuple):
    """What tells whose book it is."""

    nik: str | None
    name_key: str
    birth_date: date


def identity_of(book: Record) -> dict[str, str]:
    """From the holder's card: the last digits of the NIK, or a foreigner's birth date and old document."""
    if book.nik:
        return {"nik_last4": book.nik[-4:]}
    identity = {"birth_date": book.birth_date.isoformat()}
    return identity | ({"document_last4": book.document_no[-4:]} if book.document_no else {})


def collector_of(kind: str, books: Sequence[Record]) -> dict[str, Any]:
    """The collector of a handover, in the form of the API. Who takes several books of a family takes their own too."""
    collector: dict[str, Any] = {"class": kind, "shown": SHOWN[kind]}
    if kind != "self":
        name = books[0].holder_name if _brings_own(kind, books) else "Contoh Pengambil"
        collector |= {"name": name, "document": "ktp", "document_last4": "0000"}
    return collector


def capacities_of(kind: str, books: Sequence[Record]) -> list[dict[str, Any]]:
    """What the row of each book says of its class: nothing, where the collector's own applies."""
    if not _brings_own(kind, books):
        return [{} for _ in books]
    own = {"class": "self", "shown": SHOWN["self"]}
    holders = [_Holder(book.nik, name_key(book.holder_name), book.birth_date) for book in books]
    return [own if number == 1 else {} for number in holder_numbers(holders)]


def _brings_own(kind: str, books: Sequence[Record]) -> bool:
    return kind == "family" and len(books) > 1


@functools.cache
def signature() -> str:
    """A drawn line as a data URL."""
    from ampera.tools.bench.over_http import SIGNATURE

    return SIGNATURE
