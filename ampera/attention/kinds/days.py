"""Service days that nobody has closed."""

from datetime import timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ampera import formats
from ampera.attention.kind import Act, Kind, Place, Row, Slice
from ampera.desk.closing import queries
from ampera.desk.closing.queries import DayRow
from ampera.formats import ngettext
from ampera.reports.days import Days

LONGEST = 31  # days back


def _open(session: Session, place: Place) -> list[DayRow]:
    """The days before today with work that nobody has closed, in an office that closes days."""
    first = queries.first_closed(session, place.office.id)
    if first is None:
        return []
    since = max(first, place.today - timedelta(days=LONGEST))
    return queries.unclosed(session, place.office.id, Days(since, place.today - timedelta(days=1)))


def _rows(session: Session, place: Place, part: Slice) -> list[Row]:
    return [_row(day) for day in _open(session, place)[part.offset : part.offset + part.limit]]


def _row(row: DayRow) -> Row:
    name = formats.weekday_date(row.day)
    place = f"/reports/days/{row.day.isoformat()}#close"
    close = Act(_l("Tutup hari"), place, gettext("Tutup %(day)s", day=name), "lock")
    vehicles = ngettext("%(num)s kendaraan", "%(num)s kendaraan", row.vehicles)
    return Row(name, ("wait", _l("Belum ditutup")), (vehicles,), (close,))


DAYS = Kind(
    "days",
    ("supervisor",),
    _l("Hari layanan belum ditutup"),
    _l("Tutup setiap hari sesudah kendaraan terakhir: angkanya lalu tercatat dan lembarnya ditandatangani."),
    lambda session, place: len(_open(session, place)),
    _rows,
)
