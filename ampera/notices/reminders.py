"""Reminders before the last day: from a time of day on, a look at each office once a day finds who is due.

After an outage nobody gets several: only the nearest day that has come counts, and nobody hears it twice.
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
from ampera.db import Database, Unit, transaction
from ampera.notices.models import Notice
from ampera.notices.outbox import Telling, write_many
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.deadlines import collect_by
from ampera.passports.models import Passport

CHECK_SECONDS = 60
WRITTEN_AT_ONCE = 200  # the lane comes in between
REMINDER = "reminder"
DECIDES = ("reminder_days", "reminder_time", "notice_kinds", "collection_limit", "deadline_extended_until")

# The day and the options of each office's last look, so that a minute without anything new costs one small read.
_looked: WeakKeyDictionary[Database, dict[int, tuple]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Due:
    """A pickup whose people are to be reminded: its last day, and so many days before it."""

    pickup_id: int
    deadline: date
    days: int


@tasks.every(CHECK_SECONDS)
def remind_due() -> None:
    """Write what is due in every office that was not looked at since its day began or its options changed."""
    looked = _looked.setdefault(db.current(), {})
    with db.reading() as session:
        offices = session.execute(_OFFICES).all()
    for office in offices:
        local = clock.local(clock.now(), office.timezone)
        state = (local.date(), *(repr(option(office.options, name)) for name in DECIDES))
        if looked.get(office.id) == state or not _is_time(local, office.options):
            continue
        remind(office.id, db.long_read_in_thread(due, office.id, office.options, office.timezone, local.date()))
        looked[office.id] = state


def remind(office_id: int, found: Sequence[Due]) -> None:
    """In small transactions; one that is written again changes nothing."""
    for some in db.in_batches(found, WRITTEN_AT_ONCE):
        write(audit.command(office_id), some)


@transaction
def write(unit: Unit, actor: Actor, found: Sequence[Due]) -> None:
    tellings = [
        Telling(
            one.pickup_id,
            {"deadline": one.deadline.isoformat(), "days": one.days},
            f"reminder:{one.pickup_id}:{one.deadline}:{one.days}",
        )
        for one in found
    ]
    write_many(unit, actor.office_id or 0, REMINDER, tellings)


def due(session: Session, office_id: int, options: dict[str, Any], timezone: str, today: date) -> list[Due]:
    """Who is to be reminded today. Whoever came or was told of their day since it was time knows it already."""
    steps = sorted(option(options, "reminder_days"))
    found = []
    for pickup_id, (deadline, ready_since) in _waiting(session, office_id, options, timezone).items():
        left = (deadline - today).days
        days = next((step for step in steps if step >= left), None)
        if left >= 0 and days is not None and ready_since < bracket(deadline, days):
            found.append(Due(pickup_id, deadline, days))
    news = _newest_news(session, found)
    return [one for one in found if not _was_told(one, timezone, news)]


def bracket(deadline: date, days: int) -> date:
    """The day on which this reminder was due first."""
    return deadline - timedelta(days=days)


def _is_time(local: datetime, options: dict[str, Any]) -> bool:
    return REMINDER in option(options, "notice_kinds") and f"{local:%H:%M}" >= option(options, "reminder_time")


def _waiting(session: Session, office_id: int, options: dict[str, Any], timezone: str) -> dict[int, tuple[date, date]]:
    """Each pickup with ready books: its first last day, and the local day since when it has been ready."""
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


def _newest_news(session: Session, found: Sequence[Due]) -> dict[int, datetime]:
    """When the people of each of these pickups last heard of a new day or code."""
    news: dict[int, datetime] = {}
    for some in db.in_batches([one.pickup_id for one in found]):
        news |= {row.pickup_id: row.newest for row in session.execute(_NEWS, {"pickups": some})}
    return news


def _was_told(one: Due, timezone: str, news: dict[int, datetime]) -> bool:
    at = news.get(one.pickup_id)
    return at is not None and clock.local(at, timezone).date() >= bracket(one.deadline, one.days)


_OFFICES = select(Office.id, Office.timezone, Office.options)
_READY = select(Passport.pickup_id, Passport.issued_on, Passport.late_until, Passport.created_at).where(
    Passport.office_id == bindparam("office"), Passport.state == "ready", Passport.pickup_id.is_not(None)
)
_NEWS = (
    select(Notice.pickup_id, func.max(Notice.created_at).label("newest"))
    .where(Notice.pickup_id.in_(bindparam("pickups", expanding=True)), Notice.kind.in_(("extended", "reissued")))
    .group_by(Notice.pickup_id)
)
