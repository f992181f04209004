"""What each officer did without a code: lookups, and books that were handed over after one. For supervisors."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ampera.accounts.models import Staff
from ampera.handovers.models import Handover
from ampera.visits.models import Scan
from ampera.visits.scan.ways import LOOKUP


@dataclass(frozen=True)
class OfficerLookups:
    """The counts of one officer. `missed` lookups found nothing; a voided handover does not count."""

    name: str
    lookups: int
    missed: int
    books: int


def lookups_by_officer(session: Session, office_id: int, bounds: tuple[datetime, datetime]) -> list[OfficerLookups]:
    """The officers with any count between these moments, most lookups first."""
    asked = {
        row.staff_id: (row.lookups, row.missed)
        for row in session.execute(
            select(
                Scan.staff_id,
                func.count().label("lookups"),
                func.count().filter(Scan.pickup_id.is_(None)).label("missed"),
            )
            .where(Scan.office_id == office_id, Scan.found_by == LOOKUP, Scan.at >= bounds[0], Scan.at < bounds[1])
            .group_by(Scan.staff_id)
        )
    }
    handed = {
        row.officer_id: row.books
        for row in session.execute(
            select(Handover.officer_id, func.count().label("books"))
            .where(Handover.office_id == office_id, Handover.found_by == LOOKUP, Handover.voided_at.is_(None))
            .where(Handover.at >= bounds[0], Handover.at < bounds[1])
            .group_by(Handover.officer_id)
        )
    }
    people = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(asked.keys() | handed.keys())))
    rows = [OfficerLookups(row.name, *asked.get(row.id, (0, 0)), handed.get(row.id, 0)) for row in people]
    return sorted(rows, key=lambda row: (-row.lookups, -row.books, row.name))
