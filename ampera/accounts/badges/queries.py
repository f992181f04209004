"""Whose badge it is, and whether an account has one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.accounts.badges.models import Badge


def badge_of(session: Session, staff_id: int) -> Badge | None:
    return session.get(Badge, staff_id)


def owner_with(session: Session, value_hash: str) -> int | None:
    """The account whose badge this is; None for one that was revoked or replaced."""
    return session.scalar(select(Badge.staff_id).where(Badge.value_hash == value_hash))
