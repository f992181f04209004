"""From a notice to its deliveries: one row per channel and address, in small transactions that hold nobody up."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from ampera import clock
from ampera.db import Unit, transaction
from ampera.notices.delivery import recipients, schedule
from ampera.notices.delivery.outcomes import new_row
from ampera.notices.models import Delivery, Notice
from ampera.notices.outbox import insert_new
from ampera.offices.models import Office

AT_ONCE = 10
EXPIRED_AT_ONCE = 200
# What becomes of a notice: its deliveries are written, nobody could be told, or it came too late.
EXPANDED, UNADDRESSED, EXPIRED = "expanded", "unaddressed", "expired"


def reachable(session: Session, ways: Mapping[str, str]) -> list[int]:
    """The offices that send anything at all by the channels that are there."""
    rows = session.execute(select(Office.id, Office.options)).all()
    return [row.id for row in rows if recipients.order_of(row.options, ways)]


def is_any_due(session: Session, office_ids: list[int]) -> bool:
    """A read first: a writer is not kept busy for nothing."""
    return session.execute(_DUE.limit(1), {"offices": office_ids, "now": clock.now()}).first() is not None


@transaction
def expand(unit: Unit, office_ids: list[int], ways: Mapping[str, str]) -> int:
    """Write the deliveries of the next few due notices of these offices; how many notices that were.

    An address that was told the same before gets nothing, so a repeated notice reaches only who is new.
    """
    due = {"offices": office_ids, "now": unit.at}
    notices = unit.conn.execute(_DUE.limit(AT_ONCE).with_for_update(of=Notice, skip_locked=True), due).all()
    pickups = {notice.pickup_id for notice in notices}
    books, newest = recipients.contacts(unit.conn, pickups), recipients.generations(unit.conn, pickups)
    rows, ended = [], defaultdict(list)
    for notice in notices:
        told = _deliveries(unit, notice, books[notice.pickup_id], newest.get(notice.pickup_id, 0), ways)
        ended[_state(unit, notice, told)].append(notice.id)
        rows.extend(told)
    insert_new(unit.conn, Delivery, rows)
    for state, ids in ended.items():
        unit.conn.execute(_END, {"ids": ids, "ended": state})
    return len(notices)


@transaction
def expire(unit: Unit) -> int:
    """End notices that waited for a channel for so long that nobody has a use for them; how many, at most some."""
    limits = {"urgent": unit.at - schedule.URGENT_USEFUL, "other": unit.at - schedule.USEFUL}
    ids = list(unit.conn.scalars(_STALE, limits))
    if ids:
        unit.conn.execute(_END, {"ids": ids, "ended": EXPIRED})
    return len(ids)


def is_any_stale(session: Session) -> bool:
    now = clock.now()
    limits = {"urgent": now - schedule.URGENT_USEFUL, "other": now - schedule.USEFUL}
    return session.scalars(_STALE.limit(1), limits).first() is not None


def _state(unit: Unit, notice: Any, told: list[dict[str, Any]]) -> str:
    if _is_stale(unit, notice):
        return EXPIRED
    return EXPANDED if told else UNADDRESSED


def _deliveries(
    unit: Unit, notice: Any, books: list[recipients.Contact], generation: int, ways: Mapping[str, str]
) -> list[dict[str, Any]]:
    if _is_stale(unit, notice):
        return []
    order = recipients.order_of(notice.options, ways)
    due_at = schedule.not_before(notice.kind, notice.options, notice.timezone, unit.at)
    concerned = recipients.concerned(notice, books)
    return [new_row(unit, notice, generation, target, due_at) for target in recipients.targets(concerned, order, ways)]


def _is_stale(unit: Unit, notice: Any) -> bool:
    return schedule.is_stale(notice.kind, notice.due_at or notice.created_at, unit.at)


_DUE = (
    select(
        *recipients.WHOLE,
        Notice.created_at,
        Notice.due_at,
    )
    .join(Office, Office.id == Notice.office_id)
    .where(
        Notice.state == "waiting",
        Notice.office_id.in_(bindparam("offices", expanding=True)),
        or_(Notice.due_at.is_(None), Notice.due_at <= bindparam("now")),
    )
    .order_by(Notice.id)
)
_ready_since = func.coalesce(Notice.due_at, Notice.created_at)
_STALE = (
    select(Notice.id)
    .where(
        Notice.state == "waiting",
        or_(
            _ready_since < bindparam("other"),
            (_ready_since < bindparam("urgent")) & Notice.kind.in_(sorted(schedule.URGENT)),
        ),
    )
    .order_by(Notice.id)
    .limit(EXPIRED_AT_ONCE)
)
_END = update(Notice).where(Notice.id.in_(bindparam("ids", expanding=True))).values(state=bindparam("ended"))
