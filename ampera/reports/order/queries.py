"""The changes of the queue's order in a range of days, each with its officer and reason, and their count by officer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ampera.accounts.models import Staff
from ampera.reports.days import Days
from ampera.visits import states
from ampera.visits.models import OrderChange

MOST = 1000
WENT_AHEAD = ("called", "served")


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


@dataclass(frozen=True)
class OfficerTotal:
    """How often an officer called or served a vehicle before its turn, and how often without a reason."""

    officer: str
    called: int
    served: int
    without_reason: int
    passed: int


def out_of_turn_totals(session: Session, office_id: int, days: Days) -> list[OfficerTotal]:
    """Officers who took a vehicle before its turn, the most frequent first. All changes count, not only `MOST`."""

    def counted(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    query = (
        select(
            Staff.name,
            counted(OrderChange.kind == "called"),
            counted(OrderChange.kind == "served"),
            counted(OrderChange.reason == states.NOT_GIVEN),
            func.sum(OrderChange.ahead),
        )
        .join(Staff, Staff.id == OrderChange.staff_id)
        .where(
            OrderChange.office_id == office_id,
            OrderChange.day.between(days.since, days.until),
            OrderChange.kind.in_(WENT_AHEAD),
        )
        .group_by(Staff.id, Staff.name)
        .order_by(func.count().desc(), Staff.name)
    )
    return [OfficerTotal(*row) for row in session.execute(query)]


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
