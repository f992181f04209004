"""Fan-out: a due notice becomes one delivery per channel and address, in small transactions."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from ampera import clock
from ampera.db import Unit, long_transaction
from ampera.notices.delivery import recipient_queries, schedule
from ampera.notices.delivery.outcome_service import delivery_row
from ampera.notices.delivery.recipient_queries import Contact, NoticeRow
from ampera.notices.models import Delivery, Notice
from ampera.notices.outbox import insert_new
from ampera.offices.models import Office

AT_ONCE = 10
EXPIRED_AT_ONCE = 200
# The final states of a notice: its deliveries are written, it has no recipient, or it became useless.
EXPANDED, UNADDRESSED, EXPIRED = "expanded", "unaddressed", schedule.EXPIRED


class DueNotice(NamedTuple):
    """A notice and the moment since when it is due."""

    notice: NoticeRow
    due_since: datetime


def reachable(session: Session, available: Mapping[str, str]) -> list[int]:
    """The ids of the offices that send by at least one available channel."""
    rows = session.execute(select(Office.id, Office.options)).all()
    return [row.id for row in rows if recipient_queries.order_of(row.options, available)]


def is_any_due(session: Session, office_ids: list[int]) -> bool:
    """A cheap read that avoids an empty write transaction."""
    return session.execute(_DUE.limit(1), _due(office_ids, clock.now())).first() is not None


@long_transaction
def fan_out(unit: Unit, office_ids: list[int], available: Mapping[str, str]) -> int:
    """Write the deliveries of the next due notices of these offices; returns the number of notices.

    An address that already got the same notice gets no second delivery, so a repeated notice reaches only new
    addresses.
    """
    due = [DueNotice(NoticeRow._make(row[:-1]), row[-1]) for row in _lock_due(unit, office_ids)]
    pickups = {notice.pickup_id for notice, _ in due}
    books, newest = recipient_queries.contacts(unit.conn, pickups), recipient_queries.generations(unit.conn, pickups)
    rows, finished = [], defaultdict(list)
    for notice, due_since in due:
        is_stale = schedule.is_stale(notice.kind, due_since, unit.at)
        generation = newest.get(notice.pickup_id, 0)
        written = [] if is_stale else _deliveries(unit, notice, books[notice.pickup_id], generation, available)
        finished[EXPIRED if is_stale else EXPANDED if written else UNADDRESSED].append(notice.id)
        rows.extend(written)
    insert_new(unit.conn, Delivery, rows)
    for state, ids in finished.items():
        unit.conn.execute(_FINISH, {"ids": ids, "final": state})
    return len(due)


@long_transaction
def expire(unit: Unit) -> int:
    """Expire notices that are too old to be useful, at most EXPIRED_AT_ONCE; returns their number."""
    ids = list(unit.conn.scalars(_STALE, _limits(unit.at)))
    if ids:
        unit.conn.execute(_FINISH, {"ids": ids, "final": EXPIRED})
    return len(ids)


def is_any_stale(session: Session) -> bool:
    """A cheap read that avoids an empty write transaction."""
    return session.scalars(_STALE.limit(1), _limits(clock.now())).first() is not None


def _limits(now: datetime) -> dict[str, datetime]:
    """The moments before which a notice is useless, by group of kinds."""
    return {
        "momentary": now - schedule.MOMENTARY_USEFUL,
        "urgent": now - schedule.URGENT_USEFUL,
        "other": now - schedule.USEFUL,
    }


def _due(office_ids: list[int], now: datetime) -> dict[str, object]:
    """What is held leaves by a decision only; what is useless is taken, so that it expires."""
    return {
        "offices": office_ids,
        "now": now,
        "held": now - schedule.HELD_AFTER,
        "useless": now - schedule.USEFUL,
    }


def _lock_due(unit: Unit, office_ids: list[int]) -> list[Any]:
    """The next due notices, without notices that another server has locked."""
    due = _due(office_ids, unit.at)
    return list(unit.conn.execute(_DUE.limit(AT_ONCE).with_for_update(of=Notice, skip_locked=True), due))


def _deliveries(
    unit: Unit, notice: NoticeRow, books: list[Contact], generation: int, available: Mapping[str, str]
) -> list[dict[str, Any]]:
    order = recipient_queries.order_of(notice.options, available)
    due_at = schedule.not_before(notice.kind, notice.options, notice.timezone, unit.at)
    found = recipient_queries.recipients(recipient_queries.concerned(notice, books), order, available)
    return [delivery_row(unit, notice, generation, recipient, due_at) for recipient in found]


_due_since = func.coalesce(Notice.due_at, Notice.created_at)
_DUE = (
    select(*recipient_queries.NOTICE_COLUMNS, _due_since)
    .join(Office, Office.id == Notice.office_id)
    .where(
        Notice.state == "waiting",
        Notice.office_id.in_(bindparam("offices", expanding=True)),
        or_(Notice.due_at.is_(None), Notice.due_at <= bindparam("now")),
        or_(_due_since > bindparam("held"), _due_since <= bindparam("useless")),
    )
    .order_by(Notice.id)
)
_STALE = (
    select(Notice.id)
    .where(
        Notice.state == "waiting",
        or_(
            _due_since < bindparam("other"),
            (_due_since < bindparam("urgent")) & Notice.kind.in_(sorted(schedule.URGENT)),
            (_due_since < bindparam("momentary")) & Notice.kind.in_(sorted(schedule.MOMENTARY)),
        ),
    )
    .order_by(Notice.id)
    .limit(EXPIRED_AT_ONCE)
)
_FINISH = update(Notice).where(Notice.id.in_(bindparam("ids", expanding=True))).values(state=bindparam("final"))
