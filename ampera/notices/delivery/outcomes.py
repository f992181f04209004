"""How a delivery ends, inside a transaction: sent, again later, by the next channel, no longer true, or dead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from ampera.db import Unit
from ampera.notices.delivery import recipients, schedule
from ampera.notices.models import Delivery, Notice
from ampera.notices.outbox import insert_new
from ampera.offices.models import Office

SENT, DROPPED, WAITING, PASSED, DEAD = "sent", "dropped", "waiting", "passed", "dead"
UNWRITABLE = "message cannot be written"


@dataclass(frozen=True)
class Ended:
    """What came of one try. `is_permanent` and `is_hopeless` (on every channel) are about a failure's `reason`."""

    delivery_id: int
    state: str = ""  # SENT or DROPPED; "" failed
    reason: str | None = None
    provider_id: str | None = None
    is_permanent: bool = False
    is_hopeless: bool = False


def settle(unit: Unit, me: str, ended: Ended, ways: Mapping[str, str]) -> str | None:
    """Write what came of a try of `me`; the delivery's new state, or None when it was not ours any more."""
    row = unit.conn.execute(_SENDING, {"id": ended.delivery_id, "me": me}).one_or_none()
    if row is None:
        return None
    if ended.state:
        return _end(unit, row.id, ended.state, ended.reason, ended.provider_id)
    if ended.is_hopeless:
        return _end(unit, row.id, DEAD, ended.reason)
    if ended.is_permanent or schedule.is_given_up(row.tries, row.created_at, unit.at):
        return fail(unit, row.id, ended.reason or "", ways)
    due_at = schedule.in_true_time(unit.at, schedule.pause_after(row.tries))
    values = {"state": WAITING, "due_at": due_at, "reason": ended.reason, "lease_until": None, "claimed_by": None}
    unit.conn.execute(update(Delivery).where(Delivery.id == row.id).values(values))
    return WAITING


def fail(unit: Unit, delivery_id: int, reason: str, ways: Mapping[str, str]) -> str:
    """This channel cannot deliver it: the next one takes over where there is an address for it, else it is dead.

    Also for a channel that says so only later. Returns PASSED or DEAD.
    """
    row = unit.conn.execute(_WHOLE, {"id": delivery_id}).one()
    found = _by_next_channels(unit, row, ways)
    insert_new(unit.conn, Delivery, found)
    return _end(unit, delivery_id, PASSED if found else DEAD, reason)


def _by_next_channels(unit: Unit, row: Any, ways: Mapping[str, str]) -> list[dict[str, Any]]:
    """The books that this address was for, each by the next channel that it has an address for."""
    later = recipients.after(row.channel, row.options, ways)
    books = recipients.contacts(unit.conn, [row.pickup_id])[row.pickup_id]
    reached = [book for book in recipients.concerned(row, books) if row.address in (book.email, book.phone)]
    generation = recipients.generations(unit.conn, [row.pickup_id]).get(row.pickup_id, 0)
    due_at = schedule.not_before(row.kind, row.options, row.timezone, unit.at)
    return [new_row(unit, row, generation, target, due_at) for target in recipients.targets(reached, later, ways)]


def new_row(unit: Unit, notice: Any, generation: int, target: recipients.Target, due_at: Any) -> dict[str, Any]:
    """A delivery that waits until `due_at`. `notice` has the columns of a notice."""
    return {
        **target._asdict(),
        "notice_id": notice.id,
        "office_id": notice.office_id,
        "once": recipients.once_of(notice, generation, target),
        "state": WAITING,
        "tries": 0,
        "due_at": due_at,
        "created_at": unit.at,
    }


def _end(unit: Unit, delivery_id: int, state: str, reason: str | None, provider_id: str | None = None) -> str:
    values: dict[str, Any] = {"state": state, "reason": reason, "ended_at": unit.at, "lease_until": None}
    if state == DROPPED:  # nobody heard it: should it become true again, this address hears it
        values["once"] = f"dropped:{delivery_id}"
    if provider_id:
        values["provider_id"] = provider_id
    unit.conn.execute(update(Delivery).where(Delivery.id == delivery_id).values(values))
    return state


_SENDING = (
    select(Delivery.id, Delivery.tries, Delivery.created_at)
    .where(Delivery.id == bindparam("id"), Delivery.state == "sending", Delivery.claimed_by == bindparam("me"))
    .with_for_update()
)
_WHOLE = (
    select(
        *recipients.WHOLE,
        Delivery.channel,
        Delivery.address,
    )
    .join(Notice, Notice.id == Delivery.notice_id)
    .join(Office, Office.id == Delivery.office_id)
    .where(Delivery.id == bindparam("id"))
)
