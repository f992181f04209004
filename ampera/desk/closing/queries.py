"""Reads of the end of a day: its figures now, the days that are open or closed, and what came after the closing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ampera.audit import AuditEntry
from ampera.desk.closing.digest import ACTION
from ampera.desk.closing.figures import DayFigures, Rack
from ampera.desk.closing.models import ClosedDay
from ampera.desk.shelves import queries as shelves
from ampera.handovers.models import Handover
from ampera.offices.models import Office
from ampera.passports.models import Passport
from ampera.passports.shelf_order import pieces, stands_in
from ampera.reports.days import Days
from ampera.reports.statistics.queries import figures as statistics
from ampera.visits import states
from ampera.visits.models import OrderChange, Pick, SupervisorCall, Visit
from ampera.visits.picks.locations import MISSING
from ampera.visits.scan.ways import LOOKUP

Bounds = tuple[datetime, datetime]


@dataclass(frozen=True)
class DayRow:
    """One day of the list: what happened on it, and who closed it when (None: nobody yet)."""

    day: date
    vehicles: int
    handed_over: int
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True)
class Later:
    """What was recorded for a day after it was closed."""

    vehicles: int
    handed_over: int
    voided: int

    def __bool__(self) -> bool:
        return bool(self.vehicles or self.handed_over or self.voided)


def day_figures(session: Session, office: Office, day: date, today: date) -> DayFigures:
    """The figures of the day. Those of the shelves are of this moment."""
    bounds = Days(day, day).bounds(office.timezone)
    found = statistics(session, office, Days(day, day), today)
    records = _records(session, office.id, bounds)
    return DayFigures(
        intake=_count(session, Passport, office.id, Passport.created_at, bounds),
        handed_over=len(records),
        first_number=min((row.number for row in records), default=None),
        last_number=max((row.number for row in records), default=None),
        voided=_count(session, Handover, office.id, Handover.voided_at, bounds),
        without_code=sum(row.found_by == LOOKUP for row in records),
        unsigned=sum(row.signature_sha256 is None for row in records),
        classes=dict(Counter(row.collector_class for row in records)),
        visits=found.visits,
        wait=found.wait,
        service=found.service,
        whole=found.whole,
        scans=found.scans,
        refused=sum(count for _, count in found.refused),
        order_changes=_of_day(session, OrderChange, office.id, day),
        supervisor_calls=_count(session, SupervisorCall, office.id, SupervisorCall.at, bounds),
        on_shelf=found.on_shelf,
        overdue=found.overdue,
        not_found=_not_found(session, office.id),
        racks=_racks(session, office.id),
    )


def days(session: Session, office: Office, wanted: Days) -> list[DayRow]:
    """The days of the range on which anything happened, or which are closed, the newest first."""
    zone, (begins, ends) = ZoneInfo(office.timezone), wanted.bounds(office.timezone)
    records = select(Handover.at).where(Handover.office_id == office.id, Handover.at >= begins, Handover.at < ends)
    handed = Counter(at.astimezone(zone).date() for at in session.scalars(records))
    visits = dict(
        session.execute(
            select(Visit.day, func.count())
            .where(Visit.office_id == office.id, Visit.day.between(wanted.since, wanted.until))
            .group_by(Visit.day)
        ).all()
    )
    closed = {row.day: row for row in closed_days(session, office.id, wanted)}
    return [
        DayRow(
            day,
            visits.get(day, 0),
            handed[day],
            closed[day].closed_at if day in closed else None,
            closed[day].closed_by_name if day in closed else "",
        )
        for day in sorted({*visits, *handed, *closed}, reverse=True)
    ]


def unclosed(session: Session, office_id: int, wanted: Days) -> list[DayRow]:
    """The days of the range that had vehicles and are not closed, the oldest first. Handovers are not counted."""
    closed = select(ClosedDay.day).where(ClosedDay.office_id == office_id)
    query = (
        select(Visit.day, func.count())
        .where(Visit.office_id == office_id, Visit.day.between(wanted.since, wanted.until), Visit.day.not_in(closed))
        .group_by(Visit.day)
        .order_by(Visit.day)
    )
    return [DayRow(day, vehicles, 0, None, "") for day, vehicles in session.execute(query)]


def first_closed(session: Session, office_id: int) -> date | None:
    """The first day that this office has closed."""
    return session.scalar(select(func.min(ClosedDay.day)).where(ClosedDay.office_id == office_id))


def closed_days(session: Session, office_id: int, wanted: Days) -> list[ClosedDay]:
    query = select(ClosedDay).where(ClosedDay.office_id == office_id)
    return list(session.scalars(query.where(ClosedDay.day.between(wanted.since, wanted.until))))


def closed_day(session: Session, office_id: int, day: date) -> ClosedDay | None:
    return session.scalar(select(ClosedDay).where(ClosedDay.office_id == office_id, ClosedDay.day == day))


def open_visits(session: Session, office_id: int, day: date) -> int:
    """The vehicles of the day whose visit has not ended."""
    return _of_day(session, Visit, office_id, day, Visit.state.in_(states.OPEN))


def entry_of(session: Session, closed: ClosedDay) -> AuditEntry | None:
    """The entry of the history that closed the day."""
    query = select(AuditEntry).where(AuditEntry.chain == closed.office_id, AuditEntry.action == ACTION)
    return session.scalar(query.where(AuditEntry.subject == subject(closed.day)))


def later(session: Session, office: Office, closed: ClosedDay) -> Later:
    """What the day has now and had not when it was closed."""
    bounds = Days(closed.day, closed.day).bounds(office.timezone)
    after = (max(bounds[0], closed.closed_at), bounds[1])
    return Later(
        vehicles=_of_day(session, Visit, office.id, closed.day, Visit.opened_at > closed.closed_at),
        handed_over=_count(session, Handover, office.id, Handover.at, after),
        voided=_count(session, Handover, office.id, Handover.voided_at, after),
    )


def subject(day: date) -> str:
    """What the entry is about."""
    return f"day:{day.isoformat()}"


def _records(session: Session, office_id: int, bounds: Bounds) -> list[Any]:
    wanted = (Handover.office_id == office_id, Handover.at >= bounds[0], Handover.at < bounds[1])
    columns = (Handover.number, Handover.collector_class, Handover.found_by, Handover.signature_sha256)
    return list(session.execute(select(*columns).where(*wanted)))


def _count(session: Session, table: Any, office_id: int, column: Any, bounds: Bounds) -> int:
    """How many rows of the office have this moment within the bounds."""
    wanted = (table.office_id == office_id, column >= bounds[0], column < bounds[1])
    return session.scalar(select(func.count()).select_from(table).where(*wanted)) or 0


def _of_day(session: Session, table: Any, office_id: int, day: date, *more: Any) -> int:
    wanted = (table.office_id == office_id, table.day == day, *more)
    return session.scalar(select(func.count()).select_from(table).where(*wanted)) or 0


def _not_found(session: Session, office_id: int) -> int:
    """The books that are looked for at this moment."""
    wanted = (Pick.office_id == office_id, Pick.state == MISSING)
    return session.scalar(select(func.count()).select_from(Pick).where(*wanted)) or 0


def _racks(session: Session, office_id: int) -> list[Rack]:
    """The whole racks, each with its last check: its own, or a later one of all its parts."""
    found = [
        Rack(rack.name, rack.books, rack.checked_at, rack.counts["missing"] if rack.counts else None)
        for rack in shelves.racks(session, office_id)
    ]
    return [_checked(rack, found) for rack in found if len(pieces(rack.name)) == 1]


def _checked(whole: Rack, racks: list[Rack]) -> Rack:
    parts = [rack for rack in racks if rack != whole and stands_in(rack.name, whole.name)]
    moments = [rack.checked_at for rack in parts if rack.checked_at]
    if not parts or len(moments) < len(parts) or (whole.checked_at and min(moments) <= whole.checked_at):
        return whole
    return Rack(whole.name, whole.books, min(moments), sum(rack.missing or 0 for rack in parts))
