"""Reads of the register."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.handovers.models import RECORDED, HandoverKey


def recorded_answer(session: Session, office_id: int, key: str) -> dict[str, Any] | None:
    """The answer that was recorded under this key in this office, or None when nothing was."""
    return session.scalar(
        select(HandoverKey.answer).where(
            HandoverKey.key == key, HandoverKey.office_id == office_id, HandoverKey.status == RECORDED
        )
    )
