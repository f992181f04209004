"""The changes of the queue's order in a range of days, each with its officer and reason."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.accounts.models import Staff
from ampera.reports.days import Days
from ampera.visits.models import OrderChange

MOST = 1000


@dataclass(frozen=True)
class Change:
    """One change. `passed` counts the vehicles that it overtook (negative: that overtook it). `at` is UTC."""

    id: int
    at: datetime
    visit_id: int
    queue_no: str
    kind: str
    reason: str
    passed: int
    officer: str


def order_changes(session: Session, office_id: int, days: Days) -> list[Change]:
    """The newest first, at most `MOST`."""
    query = (
        select(OrderChange, Staff.name)
        .join(Staff, Staff.id == OrderChange.staff_id)
        .where(OrderChange.office_id == office_id, OrderChange.day.between(days.since, days.until))
        .order_by(OrderChange.id.desc())
        .limit(MOST)
    )
    return [
        Change(row.id, row.at, row.visit_id, row.queue_no, row.kind, row.reason, row.ahead, name)
        for row, name in session.execute(query)
    ]
