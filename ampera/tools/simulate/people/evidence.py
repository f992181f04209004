"""What collectors show and sign, as the officer types it."""

import functools
from typing import Any

from ampera.passports.fields import Record

SHOWN = {
    "self": ["payment", "identity"],
    "family": ["payment", "family_card", "identity"],
    "proxy": ["payment", "proxy_letter", "identity"],
}


def identity_of(book: Record) -> dict[str, str]:
    """From the holder's card: the end of the NIK; of a foreigner the birth date and the old document."""
    if book.nik:
        return {"nik_last4": book.nik[-4:]}
    identity = {"birth_date": book.birth_date.isoformat()}
    return identity | ({"document_last4": book.document_no[-4:]} if book.document_no else {})


def collector_of(kind: str) -> dict[str, Any]:
    who: dict[str, Any] = {"class": kind, "shown": SHOWN[kind]}
    return who if kind == "self" else who | {"name": "Contoh Pengambil", "document": "KTP", "document_last4": "0000"}


@functools.cache
def signature() -> str:
    """A drawn line, as the tablet sends it."""
    from ampera.tools.bench.over_http import SIGNATURE

    return SIGNATURE
