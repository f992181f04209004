"""Labels for the codes of a book."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

# status -> (tone, label); `overdue` is a ready book that nobody collected in time.
BOOK_STATES = {
    "ready": ("go", _l("Siap diambil")),
    "held": ("wait", _l("Perlu diperiksa")),
    "overdue": ("wait", _l("Lewat batas waktu")),
    "collected": ("neutral", _l("Sudah diambil")),
    "cancelled": ("stop", _l("Dibatalkan")),
}
# The grounds of a cancellation (Permenkumham 8/2014, Pasal 30), by their letter.
CANCEL_GROUNDS = {
    "a": _l("diperoleh secara tidak sah"),
    "b": _l("keterangan yang tidak benar"),
    "c": _l("pemegang meninggal dunia"),
    "d": _l("tidak diambil dalam satu bulan sejak terbit"),
    "e": _l("salah cetak atau rusak"),
}
# For applicants: the page never says why a book needs the inside counter.
APPLICANT_BOOK_STATES = BOOK_STATES | {
    "held": ("wait", _l("Ke loket dalam")),
}


def masked_nik(nik: str | None) -> str:
    """The region only: the last digits prove the holder at the window, and the middle ones are the birth date."""
    return f"{nik[:4]} •••• •••• ••••" if nik else gettext("tidak ada")
