"""Reads about announcements: who is said to come for a pickup."""

from sqlalchemy.orm import Session

from ampera.bookings.collectors.submission import Companion
from ampera.bookings.models import Announced


def announced(session: Session, pickup_id: int) -> Companion | None:
    """Who was announced last for this pickup; None when nobody was."""
    row = session.get(Announced, pickup_id)
    return Companion(row.collector_class, row.name, row.relation) if row else None
