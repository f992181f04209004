"""Every change of the queue's order in a range of days: who let whom go first or back, and why."""

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
    """One change. `passed` counts the vehicles it went before; negative: it let so many pass. `at` is UTC."""

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
        Change(one.id, one.at, one.visit_id, one.queue_no, one.kind, one.reason, one.ahead, name)
        for one, name in session.execute(query)
    ]
