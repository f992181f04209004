"""The story of one book from the audit chain: intake, codes, scans, calls, handover, void."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import audit
from ampera.accounts.models import Staff
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from ampera.visits.models import VisitPickup


@dataclass(frozen=True)
class StoryEvent:
    """One event. `who` is a name, or None for a key, display or command without a person."""

    at: datetime
    action: str
    subject: str
    details: Mapping[str, Any]
    who: str | None
    actor: str


def story(session: Session, book: Passport) -> list[StoryEvent]:
    """The events of the book, its code, its vehicles and its handovers, oldest first."""
    entries = audit.story(session, _subjects(session, book))
    names = _names(session, {entry.staff_id for entry in entries if entry.staff_id})
    return [
        StoryEvent(
            entry.at,
            entry.action,
            entry.subject.partition(":")[0],
            json.loads(entry.details),
            names.get(entry.staff_id or 0),
            entry.actor.partition(":")[0],
        )
        for entry in entries
    ]


def _subjects(session: Session, book: Passport) -> list[str]:
    subjects = [f"passport:{book.id}"]
    if book.pickup_id is not None:
        subjects.append(f"pickup:{book.pickup_id}")
        visits = session.scalars(select(VisitPickup.visit_id).where(VisitPickup.pickup_id == book.pickup_id))
        subjects += [f"visit:{visit_id}" for visit_id in visits]
    handovers = session.scalars(select(Handover.id).where(Handover.passport_id == book.id))
    return subjects + [f"handover:{handover_id}" for handover_id in handovers]


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))}
