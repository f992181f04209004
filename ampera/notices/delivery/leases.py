"""Who sends what: a claim is a lease on one delivery, so that several servers share the work without doubling it.

The end of one and the claim of the next are one transaction: a crash can double at most the one in flight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from ampera import clock
from ampera.db import Unit, transaction
from ampera.notices.delivery import schedule
from ampera.notices.delivery.outcomes import Ended, fail, settle
from ampera.notices.models import Delivery, Notice
from ampera.offices.models import Office

LEASE = timedelta(seconds=50)  # in true time; longer than any try
QUIET_AT_ONCE = 300
REMOVED_AT_ONCE = 20
NOT_SET_UP = "channel not set up"
MOST_LOOKS = 4  # offices whose quiet hours begin now, in one claim


@dataclass(frozen=True)
class Turn:
    """What one transaction did: the new state of the delivery that ended, and the one that is ours now."""

    ended: str | None = None
    claimed: int | None = None


@transaction
def take_turn(
    unit: Unit, me: str, channel: str, ways: Mapping[str, str], ended: Ended | None = None, is_more_wanted: bool = True
) -> Turn:
    """End a delivery that `me` had claimed (see `passing.settle`) and claim the channel's next due one."""
    state = settle(unit, me, ended, ways) if ended else None
    return Turn(state, _claim(unit, me, channel) if is_more_wanted else None)


@transaction
def give_back_lost(unit: Unit, channels: Sequence[str]) -> int:
    """Deliveries whose sender died: they wait again, due at once. How many."""
    found = {"channels": channels, "now": unit.at, "true_now": clock.true_now()}
    return unit.conn.execute(_GIVE_BACK, found).rowcount


@transaction
def pass_on_removed(unit: Unit, channels: Sequence[str], ways: Mapping[str, str]) -> int:
    """Deliveries by channels that the environment no longer sets up go by the next one. How many, at most some."""
    ids = unit.conn.scalars(_REMOVED, {"channels": channels}).all()
    for delivery_id in ids:
        fail(unit, delivery_id, NOT_SET_UP, ways)
    return len(ids)


def is_any_removed(session: Session, channels: Sequence[str]) -> bool:
    return session.execute(_REMOVED, {"channels": channels}).first() is not None


def is_any_lost(session: Session, channels: Sequence[str]) -> bool:
    """A read first, so that nobody writes for nothing."""
    return session.execute(_LOST, {"channels": channels, "true_now": clock.true_now()}).first() is not None


def next_due(session: Session, channel: str) -> datetime | None:
    """When the channel's next delivery is due; it may be past."""
    return session.scalar(_NEXT_DUE, {"channel": channel})


def _claim(unit: Unit, me: str, channel: str) -> int | None:
    for _ in range(MOST_LOOKS):
        row = unit.conn.execute(_NEXT, {"channel": channel, "now": unit.at}).first()
        if row is None:
            return None
        due_at = schedule.not_before(row.kind, row.options, row.timezone, unit.at)
        if due_at <= unit.at:
            return _lease(unit, me, row.id)
        _wait_for_morning(unit, row.office_id, channel, due_at)
    return None


def _lease(unit: Unit, me: str, delivery_id: int) -> int | None:
    lease = {"of": delivery_id, "me": me, "until": clock.true_now() + LEASE}
    return delivery_id if unit.conn.execute(_LEASE, lease).rowcount == 1 else None


def _wait_for_morning(unit: Unit, office_id: int, channel: str, due_at: datetime) -> None:
    """Quiet hours began while these waited."""
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
    .values(state="sending", claimed_by=bindparam("me"), lease_until=bindparam("until"), tries=Delivery.tries + 1)
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
_IS_LOST = (
    Delivery.channel.in_(bindparam("channels", expanding=True)),
    Delivery.state == "sending",
    Delivery.lease_until < bindparam("true_now"),
)
_LOST = select(Delivery.id).where(*_IS_LOST).limit(1)
_GIVE_BACK = (
    update(Delivery)
    .where(*_IS_LOST)
    .values(state="waiting", due_at=bindparam("now"), lease_until=None, claimed_by=None)
)
