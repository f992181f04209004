"""The books that were not on their shelf, for those who search."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from ampera.accounts.models import Staff
from ampera.passports.models import Passport
from ampera.visits.models import Pick, Visit
from ampera.visits.picks.locations import MISSING


class MissingBook(NamedTuple):
    """A book that was not on its shelf, who has looked, and the vehicle that it was for."""

    id: int
    holder_name: str
    shelf: str
    queue_no: str | None
    by: str | None
    at: datetime


def missing_count(session: Session, office_id: int) -> int:
    return session.scalar(_COUNT, {"office": office_id}) or 0


def missing(session: Session, office_id: int, limit: int, offset: int = 0) -> list[MissingBook]:
    """The books that were not found, the longest searched first."""
    found = session.execute(_MISSING.limit(limit).offset(offset), {"office": office_id})
    return [MissingBook(*row) for row in found]


_ARE_MISSING = (Pick.office_id == bindparam("office"), Pick.state == MISSING, Passport.state != "collected")
_COUNT = select(func.count()).select_from(Pick).join(Passport, Passport.id == Pick.passport_id).where(*_ARE_MISSING)
_MISSING = (
    select(Passport.id, Passport.holder_name, Passport.shelf, Visit.queue_no, Staff.name, Pick.at)
    .select_from(Pick)
    .join(Passport, Passport.id == Pick.passport_id)
    .outerjoin(Visit, Visit.id == Pick.visit_id)
    .outerjoin(Staff, Staff.id == Pick.staff_id)
    .where(*_ARE_MISSING)
    .order_by(Pick.at, Passport.id)
)
