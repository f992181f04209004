"""Reads the looks of some days from the history, and who the people are."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.models import Staff
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.offices.calendar.hours import spans_of
from ampera.offices.models import Office
from ampera.offices.queries import specials_of, week_of
from ampera.passports.models import Passport
from ampera.reports.access.looks import KINDS, OF_MANY, Look, kind_of, rows_of
from ampera.reports.access.unusual import Summary, bounds_of, summary
from ampera.reports.days import Days
from ampera.visits.models import VisitPickup

AT_ONCE = 500  # ids of one question to the database


@dataclass(frozen=True)
class Person:
    """Somebody whose data lie here: the book and its holder."""

    passport_id: int
    application_no: str
    holder_name: str


def looks(
    session: Session,
    office: Office,
    days: Days,
    staff_id: int | None = None,
    key_id: int | None = None,
    tablet_id: int | None = None,
) -> list[Look]:
    """The looks of these days, oldest first; only those of one account, key or tablet if it is named."""
    found = []
    for entry, details, look in _read(session, office, list(_entries(session, office, days, staff_id))):
        if not look.staff_id or not (key_id is None or _may_be_of_key(key_id, entry, details)):
            continue
        if tablet_id not in (None, details.get("tablet")):
            continue
        found.append(look)
    return found


def looks_at(session: Session, office: Office, days: Days, books: Collection[Passport]) -> list[Look]:
    """The looks of these days at one of these books, oldest first; also those of commands, which have no account.

    Entries about other people are not read: a day of a big office has thousands.
    """
    ids, pickups = {book.id for book in books}, {book.pickup_id for book in books}
    records = session.scalars(select(Handover.id).where(Handover.passport_id.in_(ids)))
    subjects = [f"passport:{number}" for number in ids] + [f"handover:{number}" for number in records]
    subjects += [f"pickup:{number}" for number in pickups if number is not None]
    of_many = AuditEntry.action.in_(name for kind in OF_MANY for name in KINDS[kind])
    entries = list(_entries(session, office, days, None, or_(AuditEntry.subject.in_(subjects), of_many)))
    return [look for _, _, look in _read(session, office, entries) if ids & set(look.people)]


def summaries(session: Session, office: Office, days: Days) -> list[tuple[Staff, Summary]]:
    """Every account of the office that has looked, those with something unusual first."""
    by_staff: dict[int, list[Look]] = defaultdict(list)
    for look in looks(session, office, days):
        by_staff[look.staff_id].append(look)
    was_here, is_open = _was_here(session, office, days), _is_open(session, office, days)
    bounds = bounds_of(office.options)

    def day_of(at: datetime) -> date:
        return clock.local(at, office.timezone).date()

    staff = {row.id: row for row in session.scalars(select(Staff).where(Staff.id.in_(by_staff)))}
    found = [
        (staff[staff_id], summary(staff_id, of_staff, day_of, was_here, is_open, bounds))
        for staff_id, of_staff in by_staff.items()
        if staff_id in staff
    ]
    return sorted(found, key=lambda row: (-len(row[1].flags), -row[1].without_visit, row[0].name))


def people(session: Session, ids: Collection[int]) -> dict[int, Person]:
    """The holders of these books by the id of the book."""
    rows = _in_parts(session, select(Passport.id, Passport.application_no, Passport.holder_name), Passport.id, ids)
    return {row.id: Person(*row) for row in rows}


def _read(session: Session, office: Office, entries: Collection[Any]) -> Iterator[tuple[Any, dict[str, Any], Look]]:
    """Each entry with its details, and the look that it is."""
    books = _Books(session, office, entries)
    for entry in entries:
        details: dict[str, Any] = json.loads(entry.details)
        if kind := kind_of(entry.action):
            seen, rows = books.of(entry, details), rows_of(kind, details)
            look = Look(entry.at, kind, entry.staff_id or 0, details.get("key"), seen, rows, details.get("query"))
            yield entry, details, look


def _entries(
    session: Session, office: Office, days: Days, staff_id: int | None, *others: ColumnElement[bool]
) -> Iterator[Any]:
    """The rows of the office's chain. They are found by their place in it, because times have no index."""
    since, until = days.bounds(office.timezone)
    names = [name for actions in KINDS.values() for name in actions]
    wanted: list[ColumnElement[bool]] = [AuditEntry.action.in_([name for name in names if not name.endswith(".")])]
    wanted += [AuditEntry.action.startswith(name) for name in names if name.endswith(".")]
    columns = ("at", "actor", "staff_id", "action", "subject", "details")
    query = select(*(getattr(AuditEntry, name) for name in columns)).where(
        AuditEntry.chain == office.id,
        AuditEntry.seq >= _first(session, office.id, since),
        AuditEntry.seq < _first(session, office.id, until),
        or_(*wanted),
        *others,
    )
    if staff_id is not None:
        query = query.where(AuditEntry.staff_id == staff_id)
    yield from session.execute(query.order_by(AuditEntry.seq))


def _may_be_of_key(key_id: int, entry: Any, details: dict[str, Any]) -> bool:
    """Whether this key has made the entry. Scans and older entries do not say which key of its owner: they count."""
    return bool(details.get("key", key_id) == key_id and entry.actor.startswith("key:"))


def _first(session: Session, chain: int, moment: datetime) -> int:
    """The place of the first entry at or after this moment, by halving: entries of a chain are in the order of time."""
    low, high = 1, (session.scalar(select(func.max(AuditEntry.seq)).where(AuditEntry.chain == chain)) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = session.scalar(select(AuditEntry.at).where(AuditEntry.chain == chain, AuditEntry.seq == middle))
        low, high = (middle + 1, high) if at is not None and at < moment else (low, middle)
    return low


class _Books:
    """Which books an entry is about."""

    def __init__(self, session: Session, office: Office, entries: Collection[Any]) -> None:
        self.session, self.office = session, office
        self.by_days: dict[Days, tuple[int, ...]] = {}
        numbers: dict[str, set[int]] = defaultdict(set)
        for entry in entries:
            subject, _, number = entry.subject.partition(":")
            numbers[subject].add(int(number) if number.isdecimal() else 0)
            numbers["handover"].update(json.loads(entry.details).get("records", ()))
        of_records = select(Handover.id, Handover.passport_id)
        self.by_handover: dict[int, int] = dict(_in_parts(session, of_records, Handover.id, numbers["handover"]))
        self.by_pickup: dict[int, list[int]] = defaultdict(list)
        of_pickups = select(Passport.pickup_id, Passport.id)
        for pickup_id, passport_id in _in_parts(session, of_pickups, Passport.pickup_id, numbers["pickup"]):
            self.by_pickup[pickup_id].append(passport_id)

    def of(self, entry: Any, details: dict[str, Any]) -> tuple[int, ...]:
        subject, _, number = entry.subject.partition(":")
        match subject:
            case "passport":
                return (int(number),)
            case "handover":
                return self._of_records(dict.fromkeys([int(number), *details.get("records", ())]))
            case "pickup":
                return tuple(self.by_pickup[int(number)])
        if kind_of(entry.action) == "export":
            return self._of_days(Days(date.fromisoformat(details["since"]), date.fromisoformat(details["until"])))
        return (*details.get("shown", ()), *self._of_records(details.get("records", ())))

    def _of_days(self, days: Days) -> tuple[int, ...]:
        """The books of an exported register. A file with filters had fewer; which, the history does not say."""
        if days not in self.by_days:
            since, until = days.bounds(self.office.timezone)
            of_days = (Handover.office_id == self.office.id, Handover.at >= since, Handover.at < until)
            self.by_days[days] = tuple(self.session.scalars(select(Handover.passport_id).where(*of_days)))
        return self.by_days[days]

    def _of_records(self, numbers: Iterable[int]) -> tuple[int, ...]:
        return tuple(self.by_handover[number] for number in numbers if number in self.by_handover)


def _in_parts(session: Session, query: Any, column: Any, ids: Iterable[int]) -> Iterator[Any]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        yield from session.execute(query.where(column.in_(wanted[start : start + AT_ONCE])))


def _was_here(session: Session, office: Office, days: Days) -> Callable[[int, date], bool]:
    """Whether the vehicle with this book was in the lane on a day."""
    since, until = days.bounds(office.timezone)
    rides = (
        select(Passport.id, VisitPickup.added_at)
        .join(VisitPickup, VisitPickup.pickup_id == Passport.pickup_id)
        .where(Passport.office_id == office.id, VisitPickup.added_at >= since, VisitPickup.added_at < until)
    )
    here = {(row.id, clock.local(row.added_at, office.timezone).date()) for row in session.execute(rides)}
    return lambda passport_id, day: (passport_id, day) in here


def _is_open(session: Session, office: Office, days: Days) -> Callable[[datetime], bool]:
    """Whether somebody works: the office is open on that day, from two hours before to two hours after its hours."""
    week, specials = week_of(session, office.id), specials_of(session, office.id, days.since)

    def is_open(at: datetime) -> bool:
        moment = clock.local(at, office.timezone)
        spans = spans_of(moment.date(), week, specials)
        around = f"{moment:%H:%M}"
        return bool(spans) and _earlier(spans[0].opens) <= around <= _later(spans[-1].closes)

    return is_open


def _earlier(time: str) -> str:
    return f"{max(int(time[:2]) - 2, 0):02d}{time[2:]}"


def _later(time: str) -> str:
    return f"{int(time[:2]) + 2:02d}{time[2:]}"
