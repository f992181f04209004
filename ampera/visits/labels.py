"""Labels for the codes of a visit: its state, and why the order of the queue changed."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera.visits.states import NOT_GIVEN

VISIT_STATES = {
    "waiting": _l("Menunggu"),
    "called": _l("Dipanggil"),
    "serving": _l("Sedang dilayani"),
    "done": _l("Selesai"),
    "diverted": _l("Diarahkan ke loket dalam"),
    "no_show": _l("Terlewat"),
    "left": _l("Pergi tanpa dilayani"),
}
ORDER_CHANGES = {
    "called": _l("Dipanggil sebelum gilirannya"),
    "served": _l("Langsung dilayani sebelum gilirannya"),
    "priority": _l("Diberi prioritas"),
    "ordinary": _l("Prioritas dicabut"),
    "returned": _l("Kembali ke antrean"),
    "undone": _l("Diurungkan"),
}
ORDER_REASONS = {
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


def order_reason(change: str, reason: str) -> str:
    """The label of a reason. A reason that an officer typed is returned unchanged."""
    if change == "ordinary" and reason == NOT_GIVEN:
        return gettext("giliran biasa lagi")
    if change == "undone" and reason == "priority":
        return gettext("Prioritas diurungkan")
    return str(ORDER_REASONS.get(reason, reason))
