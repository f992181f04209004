"""What collectors show and sign, and in which capacity they take each book, in the form that the officer enters."""

import functools
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from ampera.passports.fields import Record, name_key
from ampera.tools.simulate.plan import Vehicle
from ampera.tools.simulate.world import Ticket
from ampera.visits.holders import holder_numbers

SHOWN = {
    "self": ["payment", "identity"],
    "family": ["payment", "family_card", "identity"],
    "proxy": ["payment", "proxy_letter", "identity"],
}


class Taken(NamedTuple):
    """A book of a vehicle, and the capacity in which the collector takes it."""

    book: int
    record: Record
    capacity: str


class _Holder(NamedTuple):
    """What tells whose book it is."""

    nik: str | None
    name_key: str
    birth_date: date


def _holder(book: Record) -> _Holder:
    return _Holder(book.nik, name_key(book.holder_name), book.birth_date)


def identity_of(book: Record) -> dict[str, str]:
    """From the holder's card: the last digits of the NIK, or a foreigner's birth date and old document."""
    if book.nik:
        return {"nik_last4": book.nik[-4:]}
    identity = {"birth_date": book.birth_date.isoformat()}
    return identity | ({"document_last4": book.document_no[-4:]} if book.document_no else {})


def wrong_identity_of(book: Record) -> dict[str, str]:
    """From a card that is not the holder's."""
    if book.nik:
        return {"nik_last4": f"{(int(book.nik[-4:]) + 1) % 10_000:04d}"}
    return identity_of(book) | {"birth_date": "1900-01-01"}


def taken_books(vehicle: Vehicle, tickets: Sequence[Ticket]) -> list[Taken]:
    """The books of a vehicle. A family's collector takes their own book too, which is the first one."""
    books = {book: record for ticket in tickets for book, record in ticket.books.items()}
    holders = holder_numbers([_holder(record) for record in books.values()])
    neighbours = tickets[-1].books if "neighbour" in vehicle.exceptions else {}
    brings_own = vehicle.collector == "self" or (vehicle.collector == "family" and len(books) - len(neighbours) > 1)
    found = []
    for (book, record), holder in zip(books.items(), holders, strict=True):
        others = "proxy" if book in neighbours else vehicle.collector
        found.append(Taken(book, record, "self" if brings_own and holder == 1 else others))
    return found


def collector_of(kind: str, taken: Sequence[Taken]) -> dict[str, Any]:
    """The collector of a handover. Who takes their own book as well is named by it."""
    collector: dict[str, Any] = {"class": kind, "shown": SHOWN[kind]}
    if {each.capacity for each in taken} != {"self"}:
        own = (each.record.holder_name for each in taken if each.capacity == "self")
        collector |= {"name": next(own, "Contoh Pengambil"), "document": "ktp", "document_last4": "0000"}
    return collector


def capacity_of(kind: str, taken: Taken) -> dict[str, Any]:
    """What the row of a book says of its class: nothing, where the collector's own applies."""
    return {} if taken.capacity == kind else {"class": taken.capacity, "shown": SHOWN[taken.capacity]}


@functools.cache
def signature() -> str:
    """A drawn line as a data URL."""
    from ampera.tools.bench.over_http import SIGNATURE

    return SIGNATURE
