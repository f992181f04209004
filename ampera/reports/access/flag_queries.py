"""Unusual looks that no other supervisor has asked about yet. Opening the looks of the account clears them."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.audit import AuditEntry
from ampera.offices.models import Office
from ampera.reports.access.queries import summaries
from ampera.reports.days import Days

VIEWED = "access.viewed"


class Flag(NamedTuple):
    """What is unusual about one account on one day. `last_at` is its newest look of that day."""

    staff_id: int
    name: str
    day: date
    flags: tuple[str, ...]
    last_at: datetime


def flags_of(session: Session, office: Office, days: Iterable[date]) -> list[Flag]:
    """What is unusual on these days. It reads every look of them: some hundred milliseconds in a busy office."""
    return [
        Flag(staff.id, staff.name, day, found.flags, found.last_at)
        for day in days
        for staff, found in summaries(session, office, Days(day, day))
        if found.flags
    ]


def unseen(session: Session, office: Office, flags: Iterable[Flag]) -> list[Flag]:
    """Those whose looks of the day no other member of staff has opened, after the day or, of today, at all."""
    found, today = list(flags), clock.today(office.timezone)
    subjects = {f"staff:{flag.staff_id}" for flag in found}
    query = select(AuditEntry.staff_id, AuditEntry.subject, AuditEntry.at, AuditEntry.details).where(
        AuditEntry.subject.in_(subjects), AuditEntry.chain == office.id, AuditEntry.action == VIEWED
    )
    views = [(row, _days(row.details)) for row in session.execute(query)] if found else []
    return [
        flag
        for flag in found
        if not any(
            row.subject == f"staff:{flag.staff_id}"
            and row.staff_id != flag.staff_id
            and days.since <= flag.day <= days.until
            and (flag.day == today or row.at > flag.last_at)
            for row, days in views
        )
    ]


def _days(details: str) -> Days:
    given = json.loads(details)
    return Days(date.fromisoformat(given["since"]), date.fromisoformat(given["until"]))
