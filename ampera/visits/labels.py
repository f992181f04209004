"""Labels for the codes of a visit: its state, also as a sentence with number and lane, and why the order changed."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera.visits import states

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
    states.NOT_GIVEN: _l("alasan tidak disebut"),
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
    "serve": _l("Pelayanan diurungkan"),
}


def order_reason(change: str, reason: str) -> str:
    """The label of a reason. A reason that an officer typed is returned unchanged."""
    if change == "ordinary" and reason == states.NOT_GIVEN:
        return gettext("giliran biasa lagi")
    if change == "undone" and reason == "priority":
        return gettext("Prioritas diurungkan")
    return str(ORDER_REASONS.get(reason, reason))


def visit_sentence(state: str, queue_no: str, lane: int | None, *, is_parked: bool = False) -> str:
    """A029 sudah selesai di jalur 2."""
    named = {"no": queue_no, "n": lane}
    if is_parked:
        return gettext("%(no)s menunggu di tepi. Lanjutkan dulu", **named)
    if state == states.DONE and lane:
        return gettext("%(no)s sudah selesai di jalur %(n)s", **named)
    if state == states.SERVING and lane:
        return gettext("%(no)s sedang dilayani di jalur %(n)s", **named)
    if state == states.CALLED and lane:
        return gettext("%(no)s dipanggil ke jalur %(n)s", **named)
    sentences = {
        states.DONE: gettext("%(no)s sudah selesai", no=queue_no),
        states.DIVERTED: gettext("%(no)s sudah diarahkan ke loket dalam", no=queue_no),
        states.NO_SHOW: gettext("%(no)s sudah ditandai tidak datang", no=queue_no),
        states.LEFT: gettext("%(no)s sudah keluar dari antrean", no=queue_no),
    }
    return sentences.get(state) or gettext("%(no)s masih menunggu", no=queue_no)
