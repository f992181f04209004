"""Reminders before the last day. Once a day, from a set time on, the due pickups of each office are notified.

After an outage only the nearest reminder is sent, and each reminder is sent once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from ampera import audit, clock, db, tasks
from ampera.audit import Actor
from ampera.db import Database, Unit, long_transaction
from ampera.notices.models import Notice
from ampera.notices.outbox import NoticeDraft, write
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.deadlines import collect_by
from ampera.passports.models import Passport
from ampera.sql.statements import in_batches

CHECK_SECONDS = 60
WRITTEN_AT_ONCE = 200  # in one transaction, so that requests of the lane run in between
REMINDER = "reminder"
DECIDES = ("reminder_days", "reminder_time", "notice_kinds", "collection_limit", "deadline_extended_until")

# The day and the options of each office's last check, so that a minute without a change costs one small read.
_checked: WeakKeyDictionary[Database, dict[int, tuple]] = WeakKeyDictionary()


@dataclass(frozen=True)
class DueReminder:
    """A pickup to remind: its last day, and which of the office's `reminder_days` has come."""

    pickup_id: int
    deadline: date
    days: int


@tasks.every(CHECK_SECONDS)
def remind_due() -> None:
    """Remind in every office that was not checked since its day began or its options changed."""
    checked = _checked.setdefault(db.current(), {})
    with db.reading() as session:
        offices = session.execute(_OFFICES).all()
    for office in offices:
        local = clock.local(clock.now(), office.timezone)
        state = (local.date(), *(repr(option(office.options, name)) for name in DECIDES))
        if checked.get(office.id) == state or not _is_time(local, office.options):
            continue
        remind(office.id, db.long_read_in_thread(due, office.id, office.options, office.timezone, local.date()))
        checked[office.id] = state


def remind(office_id: int, found: Sequence[DueReminder]) -> None:
    """Write reminders in small transactions. Repeating a transaction changes nothing."""
    for batch in in_batches(found, WRITTEN_AT_ONCE):
        write_reminders(audit.command(office_id), batch)


@long_transaction
def write_reminders(unit: Unit, actor: Actor, found: Sequence[DueReminder]) -> None:
    """Write reminders in one transaction. A reminder that exists is not written again."""
    drafts = [
        NoticeDraft(
            reminder.pickup_id,
            {"deadline": reminder.deadline.isoformat(), "days": reminder.days},
            f"reminder:{reminder.pickup_id}:{reminder.deadline}:{reminder.days}",
        )
        for reminder in found
    ]
    write(unit, actor.office_id or 0, REMINDER, drafts)


def due(session: Session, office_id: int, options: dict[str, Any], timezone: str, today: date) -> list[DueReminder]:
    """The reminders of today, without pickups that became ready or were notified of the day since it was due."""
    steps = sorted(option(options, "reminder_days"))
    found = []
    for pickup_id, (deadline, ready_since) in _waiting(session, office_id, options, timezone).items():
        left = (deadline - today).days
        days = next((step for step in steps if step >= left), None)
        if left >= 0 and days is not None and ready_since < bracket(deadline, days):
            found.append(DueReminder(pickup_id, deadline, days))
    notified = _last_notified(session, found)
    return [reminder for reminder in found if not _knows_the_day(reminder, timezone, notified)]


def bracket(deadline: date, days: int) -> date:
    """The first day on which this reminder is due."""
    return deadline - timedelta(days=days)


def _is_time(local: datetime, options: dict[str, Any]) -> bool:
    return REMINDER in option(options, "notice_kinds") and f"{local:%H:%M}" >= option(options, "reminder_time")


def _waiting(session: Session, office_id: int, options: dict[str, Any], timezone: str) -> dict[int, tuple[date, date]]:
    """For each pickup with ready books: the earliest last day, and the local day since when a book is ready."""
    days: dict[tuple[date, date | None], date] = {}
    found: dict[int, tuple[date, date]] = {}
    rows: Iterable[Any] = session.execute(_READY, {"office": office_id})
    for pickup_id, issued_on, late_until, created_at in rows:
        key = (issued_on, late_until)
        if key not in days:
            days[key] = collect_by(issued_on, options, late_until)
        since = clock.local(created_at, timezone).date()
        first, earliest = found.get(pickup_id, (days[key], since))
        found[pickup_id] = (min(first, days[key]), min(earliest, since))
    return found


def _last_notified(session: Session, found: Sequence[DueReminder]) -> dict[int, datetime]:
    """The last moment at which each pickup was notified of a new last day or a new code."""
    notified: dict[int, datetime] = {}
    for batch in in_batches([reminder.pickup_id for reminder in found]):
        notified |= {row.pickup_id: row.newest for row in session.execute(_NOTIFIED, {"pickups": batch})}
    return notified


def _knows_the_day(reminder: DueReminder, timezone: str, notified: dict[int, datetime]) -> bool:
    at = notified.get(reminder.pickup_id)
    return at is not None and clock.local(at, timezone).date() >= bracket(reminder.deadline, reminder.days)


_OFFICES = select(Office.id, Office.timezone, Office.options)
_READY = select(Passport.pickup_id, Passport.issued_on, Passport.late_until, Passport.created_at).where(
    Passport.office_id == bindparam("office"), Passport.state == "ready", Passport.pickup_id.is_not(None)
)
_NOTIFIED = (
    select(Notice.pickup_id, func.max(Notice.created_at).label("newest"))
    .where(Notice.pickup_id.in_(bindparam("pickups", expanding=True)), Notice.kind.in_(("extended", "reissued")))
    .group_by(Notice.pickup_id)
)
