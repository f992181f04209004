"""What waits at the lane: calls for a supervisor, and books that were not on their shelf."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ampera import formats
from ampera.attention.kind import Act, Kind, Place, Row, Slice
from ampera.visits.picks import queries as picks
from ampera.visits.supervisor_calls import queries as calls

REASONS = {
    "locked": _l("Buku terkunci"),
    "overdue": _l("Lewat batas waktu"),
    "no_signature": _l("Tidak dapat menandatangani"),
    "other": _l("Perlu bantuan"),
}
STRIP = "#supervisor-calls"  # above every page of a supervisor, with the buttons to take and to decide


def _calls(session: Session, place: Place, part: Slice) -> list[Row]:
    found = calls.open_calls(session, place.office.id)[part.offset : part.offset + part.limit]
    return [_call(place, call) for call in found]


def _call(place: Place, call: calls.CallRow) -> Row:
    where = gettext("Jalur %(n)s", n=call.lane) if call.lane else ""
    since = gettext("sejak %(time)s, %(name)s", time=formats.time(call.at, place.timezone), name=call.by)
    taken = gettext("Diambil %(name)s", name=call.taken_by) if call.taken_by else ""
    act = Act(_l("Ke panggilan"), STRIP, gettext("Ke panggilan %(no)s", no=call.queue_no))
    about = tuple(words for words in (where, since, taken) if words)
    return Row(call.queue_no, ("wait" if call.taken_by else "stop", REASONS[call.reason]), about, (act,))


def _missing(session: Session, place: Place, part: Slice) -> list[Row]:
    return [_book(place, book) for book in picks.missing(session, place.office.id, *part)]


def _book(place: Place, book: picks.MissingBook) -> Row:
    since = gettext("sejak %(time)s, %(name)s", time=formats.timestamp(book.at, place.timezone), name=book.by or "–")
    found = Act(
        _l("Sudah ditemukan"),
        "/desk/picks",
        gettext("Sudah ditemukan: %(name)s", name=book.holder_name),
        "go",
        {"passport_id": book.id, "act": "found"},
    )
    about = tuple(words for words in (book.queue_no, since) if words)
    return Row(book.holder_name, ("stop", book.shelf or _l("tanpa rak")), about, (found, _open(book)), book.id)


def _open(book: picks.MissingBook) -> Act:
    return Act(_l("Buka buku"), f"/desk/books/{book.id}", gettext("Buka buku %(name)s", name=book.holder_name), "book")


CALLS = Kind(
    "calls",
    ("supervisor",),
    _l("Panggilan untuk penyelia"),
    _l("Petugas menunggu keputusan Anda di jalur."),
    lambda session, place: calls.open_count(session, place.office.id),
    _calls,
)
MISSING = Kind(
    "missing",
    ("supervisor", "desk"),
    _l("Buku tidak ditemukan"),
    _l("Tidak ada di raknya saat dicari. Cari di rak sebelahnya, lalu catat di sini."),
    lambda session, place: picks.missing_count(session, place.office.id),
    _missing,
)
