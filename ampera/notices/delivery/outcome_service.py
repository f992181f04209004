"""The outcome of a try, written inside a transaction: sent, retried later, passed to the next channel, or dead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from ampera.db import Unit
from ampera.notices.delivery import recipient_queries, schedule
from ampera.notices.delivery.recipient_queries import NoticeRow, Recipient
from ampera.notices.models import Delivery, Notice
from ampera.notices.outbox import insert_new
from ampera.offices.models import Office

SENT, DROPPED, WAITING, PASSED, DEAD = "sent", "dropped", "waiting", "passed", "dead"
UNWRITABLE = "message cannot be written"


@dataclass(frozen=True)
class AttemptResult:
    """The result of one try. `is_permanent` (this channel) and `is_hopeless` (every channel) qualify a failure."""

    delivery_id: int
    state: str = ""  # SENT or DROPPED; "" after a failure
    reason: str | None = None
    provider_id: str | None = None
    is_permanent: bool = False
    is_hopeless: bool = False


class FailedDelivery(NamedTuple):
    """A delivery that its channel could not deliver, with its notice."""

    notice: NoticeRow
    channel: str
    address: str


def record_result(unit: Unit, worker: str, result: AttemptResult, available: Mapping[str, str]) -> str | None:
    """Write the result of a try; returns the new state, or None when `worker` no longer holds the lease."""
    row = unit.conn.execute(_SENDING, {"id": result.delivery_id, "worker": worker}).one_or_none()
    if row is None:
        return None
    if result.state:
        return _finish(unit, row.id, result.state, result.reason, result.provider_id)
    if result.is_hopeless:
        return _finish(unit, row.id, DEAD, result.reason)
    if result.is_permanent or schedule.is_given_up(row.tries, row.created_at, unit.at):
        return fail_over(unit, row.id, result.reason or "", available)
    due_at = schedule.in_true_time(unit.at, schedule.pause_after(row.tries))
    values = {"state": WAITING, "due_at": due_at, "reason": result.reason, "lease_until": None, "claimed_by": None}
    unit.conn.execute(update(Delivery).where(Delivery.id == row.id).values(values))
    return WAITING


def fail_over(unit: Unit, delivery_id: int, reason: str, available: Mapping[str, str]) -> str:
    """Pass a failed delivery to the next channels that have an address; without one the delivery is dead.

    A channel may report the failure long after it accepted the message. Returns PASSED or DEAD.
    """
    row = unit.conn.execute(_FAILED, {"id": delivery_id}).one()
    failed = FailedDelivery(NoticeRow._make(row[:-2]), row.channel, row.address)
    rows = _by_next_channels(unit, failed, available)
    insert_new(unit.conn, Delivery, rows)
    return _finish(unit, delivery_id, PASSED if rows else DEAD, reason)


def delivery_row(
    unit: Unit, notice: NoticeRow, generation: int, recipient: Recipient, due_at: datetime
) -> dict[str, Any]:
    """The values of a delivery that waits until `due_at`."""
    return {
        **recipient._asdict(),
        "notice_id": notice.id,
        "office_id": notice.office_id,
        "once": recipient_queries.once_of(notice, generation, recipient),
        "state": WAITING,
        "tries": 0,
        "due_at": due_at,
        "created_at": unit.at,
    }


def _by_next_channels(unit: Unit, failed: FailedDelivery, available: Mapping[str, str]) -> list[dict[str, Any]]:
    """The books behind this address, each by the next channel that has an address for the book."""
    notice = failed.notice
    books = recipient_queries.contacts(unit.conn, [notice.pickup_id])[notice.pickup_id]
    reached = [
        book for book in recipient_queries.concerned(notice, books) if failed.address in (book.email, book.phone)
    ]
    generation = recipient_queries.generations(unit.conn, [notice.pickup_id]).get(notice.pickup_id, 0)
    due_at = schedule.not_before(notice.kind, notice.options, notice.timezone, unit.at)
    later = recipient_queries.after(failed.channel, notice.options, available)
    found = recipient_queries.recipients(reached, later, available)
    return [delivery_row(unit, notice, generation, recipient, due_at) for recipient in found]


def _finish(unit: Unit, delivery_id: int, state: str, reason: str | None, provider_id: str | None = None) -> str:
    values: dict[str, Any] = {"state": state, "reason": reason, "ended_at": unit.at, "lease_until": None}
    if state == DROPPED:  # free the key: should the notice become true again, this address can still get it
        values["once"] = f"dropped:{delivery_id}"
    if provider_id:
        values["provider_id"] = provider_id
    unit.conn.execute(update(Delivery).where(Delivery.id == delivery_id).values(values))
    return state


_SENDING = (
    select(Delivery.id, Delivery.tries, Delivery.created_at)
    .where(Delivery.id == bindparam("id"), Delivery.state == "sending", Delivery.claimed_by == bindparam("worker"))
    .with_for_update()
)
_FAILED = (
    select(*recipient_queries.NOTICE_COLUMNS, Delivery.channel, Delivery.address)
    .join(Notice, Notice.id == Delivery.notice_id)
    .join(Office, Office.id == Delivery.office_id)
    .where(Delivery.id == bindparam("id"))
)
