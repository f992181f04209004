"""The notices of one pickup, for the desk: channel, state and a masked address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ampera.notices.address_mask import masked
from ampera.notices.models import Delivery, Notice

MOST = 6


@dataclass(frozen=True)
class PastNotice:
    """One delivery of a notice. `at` is when it reached its state; while it waits, when it was written."""

    kind: str
    channel: str
    state: str
    address: str
    at: datetime


def history(session: Session, pickup_id: int, office_id: int) -> list[PastNotice]:
    """The newest deliveries of a pickup of this office, newest first; at most MOST."""
    rows = session.execute(_OF_PICKUP, {"pickup": pickup_id, "office": office_id})
    return [
        PastNotice(row.kind, row.channel, row.state, masked(row.address), row.ended_at or row.created_at)
        for row in rows
    ]


_OF_PICKUP = (
    select(Notice.kind, Delivery.channel, Delivery.state, Delivery.address, Delivery.created_at, Delivery.ended_at)
    .join(Notice, Notice.id == Delivery.notice_id)
    .where(Notice.pickup_id == bindparam("pickup"), Delivery.office_id == bindparam("office"))
    .order_by(Delivery.id.desc())
    .limit(MOST)
)
