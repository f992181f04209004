"""What people may expect of the office: an answer in time, their message, and that nobody reads their data idly."""

from datetime import date, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ampera import formats
from ampera.attention.kind import Act, Kind, Place, Row, Slice
from ampera.notices.admin import labels as notice_labels
from ampera.notices.admin import queries as messages
from ampera.reports.access import flag_queries
from ampera.reports.access.flag_queries import Flag
from ampera.reports.access.labels import FLAGS
from ampera.reports.persons import request_labels, request_queries
from ampera.reports.persons.deadlines import clock_of

DAYS = 7  # that an unusual look waits for a question
NAME = "unusual"


def _requests(session: Session, place: Place, part: Slice) -> list[Row]:
    return [
        Row(
            row.holder_name,
            request_labels.clock(clock_of(row.received_at, place.at)),
            (request_labels.KINDS[row.kind], row.application_no),
            (Act(_l("Jawab"), f"/desk/requests/{row.id}", gettext("Jawab permintaan %(name)s", name=row.holder_name)),),
            row.passport_id,
        )
        for row in request_queries.due(session, place.office.id, place.at, *part)
    ]


def _messages(session: Session, place: Place, part: Slice) -> list[Row]:
    page = part.offset // part.limit + 1
    return [_message(place, row) for row in messages.dead(session, place.office.id, page, part.limit)]


def _message(place: Place, row: messages.DeadMessage) -> Row:
    again = Act(
        _l("Kirim lagi"),
        f"/admin/notices/{row.delivery_id}/retry",
        gettext("Kirim lagi: %(kind)s ke %(address)s", kind=notice_labels.KINDS[row.kind], address=row.address),
        "right",
        {},
    )
    where = f"{notice_labels.CHANNELS[row.channel]} {row.address}"
    about = (where, formats.timestamp(row.at, place.timezone))
    return Row(notice_labels.KINDS[row.kind], ("stop", notice_labels.reason(row.reason)), about, (again,))


def _prepare(session: Session, place: Place, before: dict[date, list[Flag]] | None) -> dict[date, list[Flag]]:
    """By day. What was found about a day that is over for longer does not change."""
    days = [place.today - timedelta(days=ago) for ago in range(DAYS)]
    kept = {day: found for day, found in (before or {}).items() if day in days[2:]}
    return {day: kept[day] if day in kept else flag_queries.flags_of(session, place.office, [day]) for day in days}


def _unseen(session: Session, place: Place) -> list[Flag]:
    by_day: dict[date, list[Flag]] = place.prepared.get(NAME) or {}
    return flag_queries.unseen(session, place.office, [flag for day in by_day for flag in by_day[day]])


def _unusual(session: Session, place: Place, part: Slice) -> list[Row]:
    found = _unseen(session, place)[part.offset : part.offset + part.limit]
    return [_flag(flag) for flag in found]


def _flag(flag: Flag) -> Row:
    days = f"since={flag.day}&until={flag.day}"
    look = Act(
        _l("Periksa"), f"/reports/access/{flag.staff_id}?{days}", gettext("Periksa %(name)s", name=flag.name), "user"
    )
    about = (*(FLAGS[name] for name in flag.flags), formats.date(flag.day))
    return Row(flag.name, ("wait", _l("Tidak biasa")), about, (look,))


REQUESTS = Kind(
    "requests",
    ("supervisor",),
    _l("Permintaan data jatuh tempo"),
    _l("Undang-undang memberi 3 x 24 jam sejak permintaan diterima."),
    lambda session, place: request_queries.due_count(session, place.office.id, place.at),
    _requests,
)
MESSAGES = Kind(
    "messages",
    ("supervisor", "admin"),
    _l("Pesan gagal"),
    _l("Tidak ada saluran yang dapat mengantarnya. Perbaiki alamatnya di halaman buku, lalu kirim lagi."),
    lambda session, place: messages.dead_count(session, place.office.id),
    _messages,
)
UNUSUAL = Kind(
    NAME,
    ("supervisor",),
    _l("Pembacaan data tidak biasa"),
    _l("Tanyakan, jangan langsung menuduh. Baris hilang setelah penyelia lain membuka catatannya."),
    lambda session, place: len(_unseen(session, place)),
    _unusual,
    prepare=_prepare,
)
