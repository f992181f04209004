"""Reads about opening checks: the newest check of each lane today."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.models import Staff
from ampera.audit import AuditEntry
from ampera.sql.statements import TypedSelect

CHECKED = "lane.checked"


class CheckRow(NamedTuple):
    """A recorded check. `details` is the JSON of its history entry."""

    subject: str
    at: datetime
    by: str
    details: str


def subject_of(lane_id: int) -> str:
    """The subject of a check in the history: nothing else is about it, so that it is found quickly."""
    return f"lane_check:{lane_id}"


def newest_checks(session: Session, lane_ids: list[int], since: datetime) -> dict[int, dict[str, Any]]:
    """The newest check of each of these lanes since this moment, by the lane's id."""
    subjects = {subject_of(lane_id): lane_id for lane_id in lane_ids}
    rows = _CHECKS.all(session, subjects=list(subjects), since=since)
    return {subjects[row.subject]: check_card(row.at, row.by, json.loads(row.details)["results"]) for row in rows}


def check_card(at: datetime, by: str, results: Mapping[str, str]) -> dict[str, Any]:
    """What supervisors see of a check: when, who, and the parts that failed or were not tried."""
    return {
        "at": clock.iso(at),
        "by": by,
        "failed": [part for part, result in results.items() if result == "failed"],
        "untried": [part for part, result in results.items() if result == "untried"],
    }


_CHECKS = TypedSelect(
    CheckRow,
    select(AuditEntry.subject, AuditEntry.at, Staff.name.label("by"), AuditEntry.details)
    .join(Staff, Staff.id == AuditEntry.staff_id)
    .where(
        AuditEntry.subject.in_(bindparam("subjects", expanding=True)),
        AuditEntry.action == CHECKED,
        AuditEntry.at >= bindparam("since"),
    )
    .order_by(AuditEntry.id),
)
