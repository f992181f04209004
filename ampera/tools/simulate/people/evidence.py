"""What collectors show and sign, in the form that the officer enters."""

import functools
from typing import Any

from ampera.passports.fields import Record

SHOWN = {
    "self": ["payment", "identity"],
    "family": ["payment", "family_card", "identity"],
    "proxy": ["payment", "proxy_letter", "identity"],
}


def identity_of(book: Record) -> dict[str, str]:
    """From the holder's card: the last digits of the NIK, or a foreigner's birth date and old document."""
    if book.nik:
        return {"nik_last4": book.nik[-4:]}
    identity = {"birth_date": book.birth_date.isoformat()}
    return identity | ({"document_last4": book.document_no[-4:]} if book.document_no else {})


def collector_of(kind: str) -> dict[str, Any]:
    """The collector of a handover, in the form of the API."""
    collector: dict[str, Any] = {"class": kind, "shown": SHOWN[kind]}
    if kind != "self":
        collector |= {"name": "Contoh Pengambil", "document": "ktp", "document_last4": "0000"}
    return collector


@functools.cache
def signature() -> str:
    """A drawn line as a data URL."""
    from ampera.tools.bench.over_http import SIGNATURE

    return SIGNATURE
