"""A proposal as lines for the person who decides it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from ampera import formats
from ampera.passports.corrections.models import IDENTITY

FIELDS = {
    "passport_no": _l("Nomor buku"),
    "holder_name": _l("Nama pemegang"),
    "birth_date": _l("Tanggal lahir"),
    "nik": _l("NIK"),
    "document_no": _l("Nomor dokumen"),
}


def lines(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, value) of each field that is there, in the order of the form."""
    return [(str(FIELDS[name]), _shown(name, values[name])) for name in IDENTITY if name in values]


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "–"
    return formats.date(date.fromisoformat(value)) if name == "birth_date" else str(value)
