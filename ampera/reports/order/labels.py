"""Why the order of the queue changed, in words."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera.visits.states import NOT_GIVEN

KINDS = {
    "called": _l("Dipanggil sebelum gilirannya"),
    "served": _l("Langsung dilayani sebelum gilirannya"),
    "priority": _l("Diberi prioritas"),
    "ordinary": _l("Prioritas dicabut"),
    "returned": _l("Kembali ke antrean"),
    "undone": _l("Diurungkan"),
}
REASONS = {
    NOT_GIVEN: _l("alasan tidak disebut"),
    "elderly": _l("Lansia"),
    "pregnant": _l("Hamil"),
    "disabled": _l("Disabilitas"),
    "children": _l("Anak kecil"),
    "books_ready": _l("Bukunya sudah di loket"),
    "blocking": _l("Kendaraan menghalangi"),
    "urgent": _l("Keperluan mendesak"),
    "misplaced": _l("Salah urut di jalur"),
    "at_window": _l("Sudah berada di loket"),
    "no_show": _l("Tadi tidak datang"),
    "diverted": _l("Dari loket dalam"),
    "left": _l("Tadi sudah pergi"),
    "call": _l("Panggilan diurungkan"),
    "return": _l("Pengembalian diurungkan"),
}


def reason(kind: str, code: str) -> str:
    """The reason as a sentence's part; what somebody typed stands as it is."""
    if kind == "ordinary" and code == NOT_GIVEN:
        return gettext("giliran biasa lagi")
    if kind == "undone" and code == "priority":
        return gettext("Prioritas diurungkan")
    return str(REASONS.get(code, code))
