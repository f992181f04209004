"""Reads of announced collectors."""

from sqlalchemy.orm import Session

from ampera.bookings.collectors.submission import CollectorDetails
from ampera.bookings.models import AnnouncedCollector


def announced_collector(session: Session, pickup_id: int) -> CollectorDetails | None:
    """The collector announced for this pickup; None when there is no announcement."""
    row = session.get(AnnouncedCollector, pickup_id)
    return CollectorDetails(row.collector_class, row.name, row.relation) if row else None
