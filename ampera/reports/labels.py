"""The words that people read for what the records hold as codes."""

from datetime import date, datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera import clock
from ampera.handovers.labels import BOOK_BY, DOCUMENTS, EVIDENCE, IDENTITY_BY
from ampera.handovers.labels import COLLECTOR_CLASSES as CLASSES
from ampera.visits.labels import VISIT_STATES
from ampera.visits.scan.messages import VERDICT_TITLES as VERDICTS

__all__ = (  # templates read these from here
    "BOOK_BY",
    "CLASSES",
    "DOCUMENTS",
    "EVIDENCE",
    "IDENTITY_BY",
    "VERDICTS",
    "VISIT_STATES",
)

BOOK_STATES = {
    "ready": ("go", _l("Siap diambil")),
    "held": ("wait", _l("Perlu diperiksa")),
    "overdue": ("wait", _l("Lewat batas waktu")),
    "collected": ("neutral", _l("Sudah diambil")),
    "cancelled": ("stop", _l("Dibatalkan")),
}
COLUMNS = (
    _l("Nomor"),
    _l("Tanggal"),
    _l("Jam"),
    _l("Pemegang"),
    _l("Nomor permohonan"),
    _l("Nomor paspor"),
    _l("Golongan"),
    _l("Pengambil"),
    _l("Dokumen"),
    _l("4 terakhir"),
    _l("Petugas"),
    _l("Jalur"),
    _l("Antrean"),
    _l("Tanpa tanda tangan karena"),
    _l("Dibatalkan pada"),
    _l("Dibatalkan oleh"),
    _l("Alasan pembatalan"),
    _l("Rak tujuan"),
    _l("Jenis dokumen"),
)


def day(value: date) -> str:
    """dd-mm-yyyy."""
    return f"{value:%d-%m-%Y}"


def local_day(value: datetime, timezone: str) -> str:
    """dd-mm-yyyy on the office's calendar."""
    return day(clock.local(value, timezone).date())


def at_time(value: datetime, timezone: str) -> str:
    """HH.MM.SS on the office's clock."""
    return f"{clock.local(value, timezone):%H.%M.%S}"


def at(value: datetime, timezone: str) -> str:
    """dd-mm-yyyy HH.MM on the office's clock."""
    return f"{clock.local(value, timezone):%d-%m-%Y %H.%M}"


def zone(timezone: str) -> str:
    """The Indonesian name of the zone: WIB, WITA or WIT, else as the system knows it."""
    return clock.local(clock.now(), timezone).strftime("%Z")


def seconds(value: int | None) -> str:
    """A length of time as people say it."""
    if value is None:
        return "–"
    if value < 60:
        return gettext("%(n)s dtk", n=value)
    if value < 3600:
        return gettext("%(n)s mnt", n=value // 60) + (f" {value % 60:02d}" if value % 60 else "")
    return gettext("%(n)s jam", n=value // 3600) + (f" {value // 60 % 60:02d}" if value // 60 % 60 else "")


def masked_nik(nik: str | None) -> str:
    """Only the region: the last digits prove the holder at the window, the middle ones are the birth date."""
    return f"{nik[:4]} •••• •••• ••••" if nik else gettext("tidak ada")
