"""Reads of the survey: whether a pickup may still answer, and the counters of an office by month."""

from collections import defaultdict

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from ampera.handovers.models import Handover
from ampera.handovers.receipts.queries import of_pickup
from ampera.survey.models import SurveyCount, SurveyMark
from ampera.survey.satisfaction_index import Month, month

OPEN, ANSWERED = "open", "answered"
MONTHS_SHOWN = 12


def unanswered(conn: Connection | Session, pickup_id: int) -> str | None:
    """The key of the pickup's newest valid handover without an answer."""
    query = (
        select(Handover.key)
        .outerjoin(SurveyMark, SurveyMark.handover_key == Handover.key)
        .where(*of_pickup(pickup_id), Handover.voided_at.is_(None), SurveyMark.handover_key.is_(None))
        .group_by(Handover.key)
        .order_by(func.max(Handover.id).desc())
        .limit(1)
    )
    return conn.execute(query).scalar_one_or_none()


def status(session: Session, pickup_id: int) -> str | None:
    """`open` when the pickup may answer, `answered` when all its handovers have, None when there is none."""
    if unanswered(session, pickup_id):
        return OPEN
    valid = select(Handover.id).where(*of_pickup(pickup_id), Handover.voided_at.is_(None)).limit(1)
    return ANSWERED if session.scalar(valid) else None


def months(session: Session, office_id: int) -> list[Month]:
    """The last months with answers, newest first."""
    counts: dict[str, dict[tuple[str, int], int]] = defaultdict(dict)
    rows = session.execute(
        select(SurveyCount.month, SurveyCount.element, SurveyCount.score, SurveyCount.count.label("times")).where(
            SurveyCount.office_id == office_id
        )
    )
    for row in rows:
        counts[row.month][row.element, row.score] = row.times
    return [month(name, counts[name]) for name in sorted(counts, reverse=True)[:MONTHS_SHOWN]]
