"""Reads of the outbox of one office: counts by channel, waiting messages, and dead messages."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.notices.address_mask import masked
from ampera.notices.models import Delivery, Notice
from ampera.notices.queries import DELIVERY_IS_DUE, NOTICE_WAITS
from ampera.offices.models import Office

WEEK = timedelta(days=7)
PER_PAGE = 50


@dataclass(frozen=True)
class Overview:
    """Counts of deliveries by channel and state since the office's midnight and in seven days.

    `waiting` counts notices and deliveries that are due but not sent; `oldest_at` is when the oldest was created.
    """

    today: dict[str, dict[str, int]]
    week: dict[str, dict[str, int]]
    waiting: int
    oldest_at: datetime | None
    dead: int


@dataclass(frozen=True)
class DeadMessage:
    """A message that no channel could deliver."""

    delivery_id: int
    pickup_id: int
    kind: str
    channel: str
    address: str
    first_name: str = field(repr=False)
    reason: str
    tries: int
    at: datetime


def overview(session: Session, office: Office) -> Overview:
    """The counts of the outbox of this office."""
    now = clock.now()
    midnight = clock.local(now, office.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    due = {"office": office.id, "now": now}
    notices, first = session.execute(_WAITING_NOTICES, due).one()
    deliveries, first_delivery = session.execute(_WAITING_DELIVERIES, due).one()
    since = [moment for moment in (first, first_delivery) if moment is not None]
    return Overview(
        _counts(session, office.id, midnight),
        _counts(session, office.id, now - WEEK),
        notices + deliveries,
        min(since, default=None),
        dead_count(session, office.id),
    )


def dead_count(session: Session, office_id: int) -> int:
    """The number of dead messages of an office."""
    return session.scalar(_DEAD_COUNT, {"office": office_id}) or 0


def dead(session: Session, office_id: int, page: int = 1, per_page: int = PER_PAGE) -> list[DeadMessage]:
    """The dead messages, newest first. `page` counts from 1."""
    rows = session.execute(_DEAD.limit(per_page).offset((page - 1) * per_page), {"office": office_id})
    return [
        DeadMessage(
            row.id,
            row.pickup_id,
            row.kind,
            row.channel,
            masked(row.address),
            row.first_name,
            row.reason or "",
            row.tries,
            row.ended_at or row.created_at,
        )
        for row in rows
    ]


def _counts(session: Session, office_id: int, since: datetime) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in session.execute(_COUNTS, {"office": office_id, "since": since}):
        found[row.channel][row.state] = row.total
    return dict(found)


_WAITING_NOTICES = select(func.count(), func.min(Notice.created_at)).where(
    Notice.office_id == bindparam("office"), NOTICE_WAITS
)
_WAITING_DELIVERIES = select(func.count(), func.min(Delivery.created_at)).where(
    Delivery.office_id == bindparam("office"), DELIVERY_IS_DUE
)
_COUNTS = (
    select(Delivery.channel, Delivery.state, func.count().label("total"))
    .where(Delivery.office_id == bindparam("office"), Delivery.created_at >= bindparam("since"))
    .group_by(Delivery.channel, Delivery.state)
)
_OF_DEAD = (Delivery.office_id == bindparam("office"), Delivery.state == "dead")
_DEAD_COUNT = select(func.count()).select_from(Delivery).where(*_OF_DEAD)
_DEAD = (
    select(
        Delivery.id,
        Delivery.channel,
        Delivery.address,
        Delivery.first_name,
        Delivery.reason,
        Delivery.tries,
        Delivery.created_at,
        Delivery.ended_at,
        Notice.pickup_id,
        Notice.kind,
    )
    .join(Notice, Notice.id == Delivery.notice_id)
    .where(*_OF_DEAD)
    .order_by(Delivery.id.desc())
)
