"""The story of one book from the audit chain: intake, codes, scans, calls, handover, void.

It has only what happened to this book: a car carries other books too. A cause stands before its effect.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import audit
from ampera.accounts.models import Staff
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from ampera.visits.models import VisitPickup

# Events of a visit that are about some of its books. Rows of version 1.1 and older do not say about which.
ABOUT_BOOKS = ("handover.refused",)

FOUND = ("scan.", "lookup.")  # each ends with a verdict


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
    rides = _rides(session, book)
    entries = [entry for entry in audit.story(session, _subjects(session, book, rides)) if _is_own(entry, book, rides)]
    # The rows of one transaction have the same time, and are written from the inside out: the scan after the visit.
    entries.sort(key=lambda entry: (entry.at, not entry.action.startswith(FOUND), entry.id))
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
        if not _repeats_books(entry)
    ]


def _rides(session: Session, book: Passport) -> dict[int, datetime | None]:
    """The visits that had the book's code in their car, and when it was taken out; None when it never was."""
    rides = select(VisitPickup.visit_id, VisitPickup.out_at).where(VisitPickup.pickup_id == book.pickup_id)
    return {ride.visit_id: ride.out_at for ride in session.execute(rides)}


def _is_own(entry: AuditEntry, book: Passport, rides: Mapping[int, datetime | None]) -> bool:
    """Whether an event is about this book, not about another book of the car or a car that it has left."""
    subject, _, number = entry.subject.partition(":")
    if subject != "visit":
        return True
    details = json.loads(entry.details)
    if entry.action in ABOUT_BOOKS:
        return book.id in details.get("passports", ())
    if details.get("pickup") is not None:
        return details["pickup"] == book.pickup_id
    out_at = rides.get(int(number))
    return out_at is None or entry.at <= out_at


def _repeats_books(entry: AuditEntry) -> bool:
    """Each book of an unlocked pickup has a row of its own."""
    return entry.action == "pickup.unlocked" and "passports" in json.loads(entry.details)


def _subjects(session: Session, book: Passport, rides: Mapping[int, datetime | None]) -> list[str]:
    subjects = [f"passport:{book.id}"]
    if book.pickup_id is not None:
        subjects.append(f"pickup:{book.pickup_id}")
        subjects += [f"visit:{visit_id}" for visit_id in rides]
    handovers = session.scalars(select(Handover.id).where(Handover.passport_id == book.id))
    return subjects + [f"handover:{handover_id}" for handover_id in handovers]


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))}
