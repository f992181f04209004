"""The reads of a lookup: the books with an application number, and how often an officer has looked up in vain."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from ampera import audit
from ampera.db import Unit
from ampera.passports.models import Passport
from ampera.sql.statements import TypedSelect
from ampera.visits.models import Scan
from ampera.visits.scan.request import LAST
from ampera.visits.scan.ways import LOOKUP

MOST = 10  # different wrong lookups of one officer within the hour; then no lookup is answered
WITHIN = timedelta(hours=1)


class NumberedBook(NamedTuple):
    """A book of the office whose application number is the wanted one, or ends with it."""

    id: int
    pickup_id: int
    birth_date: date
    misses: int
    locked_at: datetime | None


def books_numbered(unit: Unit, office_id: int, number: str) -> list[NumberedBook]:
    """The books of this office with this application number, or with these last digits."""
    query = _ENDING if len(number) == LAST else _NUMBERED
    return query.all(unit.conn, office=office_id, number=number)


def is_exhausted(unit: Unit, staff_id: int | None) -> bool:
    """Whether this officer has looked up too much in vain: then a right guess must not be answered either."""
    counted = {"staff": staff_id, "since": unit.at - WITHIN}
    return bool(unit.conn.execute(_MISSES, counted).scalar_one() >= MOST)


def was_asked(unit: Unit, staff_id: int | None, mark: str) -> bool:
    """Whether this officer has asked the same, recognised by its `mark`, within the hour."""
    asked = {"staff": staff_id, "mark": mark, "former": mark[: audit.FORMER_MARK], "since": unit.at - WITHIN}
    return unit.conn.execute(_ASKED, asked).first() is not None


_BOOKS = TypedSelect(
    NumberedBook,
    select(Passport.id, Passport.pickup_id, Passport.birth_date, Passport.misses, Passport.locked_at)
    .where(Passport.office_id == bindparam("office"), Passport.pickup_id.is_not(None))
    .order_by(Passport.id),
)
_NUMBERED = _BOOKS.where(Passport.application_no == bindparam("number"))
_ENDING = _BOOKS.where(Passport.application_no.endswith(bindparam("number")))
_RECENT = (Scan.staff_id == bindparam("staff"), Scan.found_by == LOOKUP, Scan.at > bindparam("since"))
_MISSES = select(func.count(Scan.body_hash.distinct())).where(*_RECENT, Scan.verdict == "unknown")
_ASKED = select(Scan.scan_id).where(*_RECENT, Scan.body_hash.in_((bindparam("mark"), bindparam("former")))).limit(1)
