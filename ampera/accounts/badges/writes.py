"""The end of a badge with the access of its owner."""

from sqlalchemy import delete

from ampera.accounts.badges.models import Badge
from ampera.db import Unit


def forget_badge(unit: Unit, staff_id: int) -> bool:
    """False when the account has none."""
    return unit.conn.execute(delete(Badge).where(Badge.staff_id == staff_id)).rowcount == 1
