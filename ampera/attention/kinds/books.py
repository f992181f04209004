"""Books on the shelf that wait for a decision: locked, overdue, held, and data that a second person must confirm."""

from collections.abc import Iterator
from itertools import pairwise

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ampera import formats
from ampera.attention.kind import Act, Kind, Place, Row, Slice
from ampera.formats import ngettext
from ampera.passports.corrections import queries as corrections
from ampera.passports.deadlines import collect_by
from ampera.passports.exceptions import queries
from ampera.passports.exceptions.queries import BookRow

WEEK, MONTH = 7, 30  # days
ACTS = "acts"  # the part of a book's page with what can be done
RELEASE = "release-reason"  # its field in a folded form, which a browser unfolds for this address


def _locked(session: Session, place: Place, part: Slice) -> list[Row]:
    return [_locked_row(place, book) for book in queries.locked(session, place.office.id, *part)]


def _locked_row(place: Place, book: BookRow) -> Row:
    since = gettext("sejak %(time)s", time=formats.timestamp(book.locked_at or place.at, place.timezone))
    misses = ngettext("%(num)s kali tidak cocok", "%(num)s kali tidak cocok", book.misses)
    act = _act(book, "lock", gettext("Buka kunci"), "lock")
    return _row(book, ("stop", _l("Terkunci")), (misses, since), act)


def _held(session: Session, place: Place, part: Slice) -> list[Row]:
    return [
        _row(book, ("wait", _l("Ditahan")), (book.held_reason or "",), _act(book, RELEASE, gettext("Lepaskan"), "go"))
        for book in queries.held(session, place.office.id, *part)
    ]


def _overdue(session: Session, place: Place, part: Slice) -> list[Row]:
    found = queries.overdue(session, place.office.id, place.office.options, place.today, *part)
    return [_overdue_row(place, book) for book in found]


def _overdue_row(place: Place, book: BookRow) -> Row:
    last = collect_by(book.issued_on, place.office.options, book.late_until)
    days = ngettext("%(num)s hari lewat", "%(num)s hari lewat", (place.today - last).days)
    ended = gettext("batas %(day)s", day=formats.date(last))
    return _row(book, ("wait", days), (ended,), _act(book, ACTS, gettext("Putuskan"), "right"))


def _by_days(session: Session, place: Place) -> Iterator[tuple[str, int]]:
    """How long the books are overdue."""
    given = session, place.office.id, place.office.options, place.today
    more_than = [queries.overdue_count(*given, days=days) for days in (0, WEEK, MONTH)]
    words = (_l("sampai 7 hari"), _l("8 sampai 30 hari"), _l("lebih dari 30 hari"))
    numbers = [more - most for more, most in pairwise([*more_than, 0])]
    yield from ((word, number) for word, number in zip(words, numbers, strict=True) if number)


def _corrections(session: Session, place: Place, part: Slice) -> list[Row]:
    found = corrections.open_of(session, place.office.id)[part.offset : part.offset + part.limit]
    return [
        Row(
            row.holder_name,
            ("wait", _l("Menunggu orang kedua")),
            (
                row.application_no,
                gettext("diusulkan %(name)s", name=row.proposer or gettext("perintah di server")),
                formats.timestamp(row.at, place.timezone),
            ),
            (Act(_l("Periksa usulan"), "/desk/corrections", gettext("Periksa usulan %(name)s", name=row.holder_name)),),
            row.passport_id,
        )
        for row in found
    ]


def _row(book: BookRow, state: tuple[str, object], about: tuple[str, ...], act: Act) -> Row:
    words = (book.shelf or gettext("tanpa rak"), book.application_no, *(word for word in about if word))
    return Row(book.holder_name, state, words, (act,), book.id)


def _act(book: BookRow, part: str, word: str, icon: str) -> Act:
    """The act stands on the page of the book, with its story beside it."""
    return Act(word, f"/desk/books/{book.id}#{part}", f"{word}: {book.holder_name}", icon)


LOCKED = Kind(
    "locked",
    ("supervisor",),
    _l("Buku terkunci"),
    _l("Identitas atau nomor buku terlalu sering tidak cocok. Baca riwayatnya sebelum membuka kunci."),
    lambda session, place: queries.locked_count(session, place.office.id),
    _locked,
)
OVERDUE = Kind(
    "overdue",
    ("supervisor",),
    _l("Lewat batas waktu"),
    _l("Tidak dibatalkan dengan sendirinya: izinkan diambil terlambat, atau batalkan dengan berita acara."),
    lambda session, place: queries.overdue_count(session, place.office.id, place.office.options, place.today),
    _overdue,
    _by_days,
)
HELD = Kind(
    "held",
    ("supervisor", "desk"),
    _l("Buku ditahan"),
    _l("Pengambilnya diarahkan ke loket dalam. Lepaskan begitu pemeriksaan selesai."),
    lambda session, place: queries.held_count(session, place.office.id),
    _held,
)
CORRECTIONS = Kind(
    "corrections",
    ("supervisor",),
    _l("Perbaikan data menunggu"),
    _l("Sampai orang kedua memutuskan, data lama yang berlaku."),
    lambda session, place: corrections.open_count(session, place.office.id),
    _corrections,
)
