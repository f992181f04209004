"""Leases: a worker claims one delivery for a limited time, so that several servers share the work.

One transaction writes the result of one delivery and claims the next. A crash can repeat at most one message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from ampera import clock
from ampera.db import Unit, transaction
from ampera.notices.delivery import schedule
from ampera.notices.delivery.outcome_service import AttemptResult, fail_over, record_result
from ampera.notices.models import Delivery, Notice
from ampera.offices.models import Office

LEASE = timedelta(seconds=50)  # in real time; longer than any try
QUIET_AT_ONCE = 300
REMOVED_AT_ONCE = 20
NOT_SET_UP = "channel not set up"
MOST_OFFICES = 4  # in one claim: offices whose quiet hours began


@dataclass(frozen=True)
class Claim:
    """The new state of the finished delivery, and the id of the delivery that the worker holds now."""

    finished: str | None = None
    delivery_id: int | None = None


@transaction
def finish_and_claim(
    unit: Unit,
    worker: str,
    channel: str,
    available: Mapping[str, str],
    result: AttemptResult | None = None,
    is_more_wanted: bool = True,
) -> Claim:
    """Write the result of the worker's last try (see `outcomes.record_result`) and claim the next due delivery."""
    state = record_result(unit, worker, result, available) if result else None
    return Claim(state, _claim(unit, worker, channel) if is_more_wanted else None)


@transaction
def release(unit: Unit, worker: str) -> int:
    """Give back what this worker has claimed and not tried; returns the number of deliveries."""
    return unit.conn.execute(_GIVE_BACK, {"worker": worker}).rowcount


@transaction
def release_expired(unit: Unit, channels: Sequence[str]) -> int:
    """Make deliveries with an expired lease due at once, because their worker died; returns their number."""
    expired = {"channels": channels, "now": unit.at, "true_now": clock.true_now()}
    return unit.conn.execute(_RELEASE, expired).rowcount


@transaction
def fail_over_removed(unit: Unit, channels: Sequence[str], available: Mapping[str, str]) -> int:
    """Pass deliveries of channels that are no longer set up to the next channel, at most REMOVED_AT_ONCE."""
    ids = unit.conn.scalars(_REMOVED, {"channels": channels}).all()
    for delivery_id in ids:
        fail_over(unit, delivery_id, NOT_SET_UP, available)
    return len(ids)


def is_any_removed(session: Session, channels: Sequence[str]) -> bool:
    """A cheap read that avoids an empty write transaction."""
    return session.execute(_REMOVED, {"channels": channels}).first() is not None


def is_any_expired(session: Session, channels: Sequence[str]) -> bool:
    """A cheap read that avoids an empty write transaction."""
    return session.execute(_EXPIRED, {"channels": channels, "true_now": clock.true_now()}).first() is not None


def next_due(session: Session, channel: str) -> datetime | None:
    """The moment at which the next delivery of the channel is due; it may be in the past."""
    return session.scalar(_NEXT_DUE, {"channel": channel})


def _claim(unit: Unit, worker: str, channel: str) -> int | None:
    for _ in range(MOST_OFFICES):
        row = unit.conn.execute(_NEXT, {"channel": channel, "now": unit.at}).first()
        if row is None:
            return None
        due_at = schedule.not_before(row.kind, row.options, row.timezone, unit.at)
        if due_at <= unit.at:
            return _lease(unit, worker, row.id)
        _postpone(unit, row.office_id, channel, due_at)
    return None


def _lease(unit: Unit, worker: str, delivery_id: int) -> int | None:
    lease = {"of": delivery_id, "worker": worker, "until": clock.true_now() + LEASE}
    return delivery_id if unit.conn.execute(_LEASE, lease).rowcount == 1 else None


def _postpone(unit: Unit, office_id: int, channel: str, due_at: datetime) -> None:
    """Quiet hours began while these deliveries waited."""
    ids = unit.conn.scalars(_CAN_WAIT, {"office": office_id, "channel": channel, "now": unit.at}).all()
    unit.conn.execute(_POSTPONE, {"ids": ids, "due": due_at})


_OF_CHANNEL = (Delivery.channel == bindparam("channel"), Delivery.state == "waiting")
_NEXT = (
    select(Delivery.id, Delivery.office_id, Notice.kind, Office.options, Office.timezone)
    .join(Notice, Notice.id == Delivery.notice_id)
    .join(Office, Office.id == Delivery.office_id)
    .where(*_OF_CHANNEL, Delivery.due_at <= bindparam("now"))
    .order_by(Delivery.due_at, Delivery.id)
    .limit(1)
    .with_for_update(of=Delivery, skip_locked=True)
)
_LEASE = (
    update(Delivery)
    .where(Delivery.id == bindparam("of"), Delivery.state == "waiting")
    .values(state="sending", claimed_by=bindparam("worker"), lease_until=bindparam("until"), tries=Delivery.tries + 1)
)
_GIVE_BACK = (
    update(Delivery)
    .where(Delivery.claimed_by == bindparam("worker"), Delivery.state == "sending")
    .values(state="waiting", claimed_by=None, lease_until=None, tries=Delivery.tries - 1)
)
_CAN_WAIT = (
    select(Delivery.id)
    .join(Notice, Notice.id == Delivery.notice_id)
    .where(
        *_OF_CHANNEL,
        Delivery.office_id == bindparam("office"),
        Delivery.due_at <= bindparam("now"),
        Notice.kind.not_in(sorted(schedule.URGENT)),
    )
    .order_by(Delivery.due_at, Delivery.id)
    .limit(QUIET_AT_ONCE)
    .with_for_update(of=Delivery, skip_locked=True)
)
_POSTPONE = update(Delivery).where(Delivery.id.in_(bindparam("ids", expanding=True))).values(due_at=bindparam("due"))
_REMOVED = (
    select(Delivery.id)
    .where(Delivery.channel.in_(bindparam("channels", expanding=True)), Delivery.state == "waiting")
    .order_by(Delivery.id)
    .limit(REMOVED_AT_ONCE)
    .with_for_update(skip_locked=True)
)
_NEXT_DUE = select(func.min(Delivery.due_at)).where(*_OF_CHANNEL)
_IS_EXPIRED = (
    Delivery.channel.in_(bindparam("channels", expanding=True)),
    Delivery.state == "sending",
    Delivery.lease_until < bindparam("true_now"),
)
_EXPIRED = select(Delivery.id).where(*_IS_EXPIRED).limit(1)
_RELEASE = (
    update(Delivery)
    .where(*_IS_EXPIRED)
    .values(state="waiting", due_at=bindparam("now"), lease_until=None, claimed_by=None)
)
