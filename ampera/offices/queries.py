"""Reads about offices: one by code, its lanes, whether it is open."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Connection, bindparam, literal, select, union_all
from sqlalchemy.orm import Session, selectinload

from ampera import clock
from ampera.offices import timetable
from ampera.offices.hours import Opening, Span, Special, opening, spans_of
from ampera.offices.models import Lane, Office, OpeningHours, SpecialDay, SpecialHours

SPECIALS_SHOWN = timedelta(days=21)


@dataclass(frozen=True)
class LaneCard:
    """A lane as pages list it."""

    id: int
    number: int
    name: str
    kind: str
    is_open: bool


@dataclass(frozen=True)
class ServiceHours:
    """When an office is open, as a notice board tells it: at this local moment, every week, on special days."""

    moment: datetime
    opening: Opening
    week: list[timetable.Row]
    specials: dict[date, Special]

    @property
    def zone(self) -> str:
        """WIB, WITA or WIT."""
        return self.moment.tzname() or ""


def office_by_code(session: Session, code: str) -> Office | None:
    return session.scalar(select(Office).where(Office.code == code))


def only_office(session: Session) -> Office | None:
    """The office of a single-office installation (the first one made)."""
    return session.scalar(select(Office).order_by(Office.id).limit(1))


def lanes_of(session: Session, office_id: int) -> list[LaneCard]:
    rows = session.scalars(select(Lane).where(Lane.office_id == office_id).order_by(Lane.number))
    return [LaneCard(row.id, row.number, row.name, row.kind, row.is_open) for row in rows]


def lane_numbered(session: Session, office_id: int, number: int) -> Lane | None:
    return session.scalar(select(Lane).where(Lane.office_id == office_id, Lane.number == number))


def week_of(session: Session, office_id: int) -> dict[int, list[Span]]:
    week: dict[int, list[Span]] = defaultdict(list)
    for row in session.execute(
        select(OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes)
        .where(OpeningHours.office_id == office_id)
        .order_by(OpeningHours.weekday, OpeningHours.opens)
    ):
        week[row.weekday].append(Span(row.opens, row.closes))
    return week


def specials_of(session: Session, office_id: int, since: date) -> dict[date, Special]:
    rows = session.scalars(
        select(SpecialDay)
        .options(selectinload(SpecialDay.hours))
        .where(SpecialDay.office_id == office_id, SpecialDay.day >= since)
        .order_by(SpecialDay.day)
    )
    return {
        row.day: Special(row.title, tuple(Span(one.opens, one.closes) for one in row.hours), row.quota) for row in rows
    }


def opening_of(session: Session, office: Office, moment: datetime | None = None) -> Opening:
    """Is this office open at `moment` (now)? Times in the answer are the office's local ones."""
    at = clock.local(moment or clock.now(), office.timezone)
    return opening(at, week_of(session, office.id), specials_of(session, office.id, at.date()))


def service_hours(session: Session, office: Office) -> ServiceHours:
    """Now, the whole week, and the special days of the next three weeks."""
    moment = clock.local(clock.now(), office.timezone)
    week, specials = week_of(session, office.id), specials_of(session, office.id, moment.date())
    soon = {day: one for day, one in specials.items() if day <= moment.date() + SPECIALS_SHOWN}
    return ServiceHours(moment, opening(moment, week, specials), timetable.rows(week), soon)


def is_open(conn: Connection, office_id: int, timezone: str, moment: datetime) -> bool:
    """Only whether this office is open at `moment`: one prebuilt statement, for the path of a scan."""
    at = clock.local(moment, timezone)
    rows = conn.execute(_TODAY, {"office": office_id, "weekday": at.weekday(), "day": at.date()}).all()
    special = [row for row in rows if row.special]
    spans = tuple(Span(row.opens, row.closes) for row in special if row.opens)
    specials = {at.date(): Special("", spans)} if special else {}
    week = {at.weekday(): [Span(row.opens, row.closes) for row in rows if not row.special]}
    return any(span.opens <= at.strftime("%H:%M") < span.closes for span in spans_of(at.date(), week, specials))


_TODAY: CompoundSelect[Any] = union_all(
    select(literal(0).label("special"), OpeningHours.opens, OpeningHours.closes).where(
        OpeningHours.office_id == bindparam("office"), OpeningHours.weekday == bindparam("weekday")
    ),
    select(literal(1).label("special"), SpecialHours.opens, SpecialHours.closes)
    .select_from(SpecialDay)
    .outerjoin(SpecialHours)
    .where(SpecialDay.office_id == bindparam("office"), SpecialDay.day == bindparam("day")),
)
