"""Reads about offices: one by code, its lanes, whether it is open."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, bindparam, literal, null, select, union_all
from sqlalchemy.orm import Session, selectinload

from ampera import clock
from ampera.offices.calendar import timetable
from ampera.offices.calendar.admission import Admission, Limits, admission, limits_of, on_day, why_closed
from ampera.offices.calendar.hours import Opening, Span, Special, opening, spans_of
from ampera.offices.models import Lane, Office, OpeningHours, SpecialDay, SpecialHours
from ampera.sql.statements import TypedSelect

SPECIALS_SHOWN = timedelta(days=21)


class OfficeClock(Protocol):
    """An office, or a row about one: its time zone and its options."""

    @property
    def timezone(self) -> str: ...
    @property
    def options(self) -> dict[str, Any]: ...


class OfficeRow(OfficeClock, Protocol):
    @property
    def id(self) -> int: ...


class LaneRow(OfficeClock, Protocol):
    @property
    def office_id(self) -> int: ...


class DaySpan(NamedTuple):
    """One span of a day: of its weekday, or of the special day that it is, which may have none and a quota."""

    special: int
    opens: str | None
    closes: str | None
    quota: int | None


@dataclass(frozen=True)
class LaneCard:
    """A lane as pages list it."""

    id: int
    number: int
    name: str
    kind: str
    is_open: bool
    site: str = ""
    windows: int = 1
    test_until: datetime | None = None


@dataclass(frozen=True)
class ServiceHours:
    """The opening hours of an office: at this local moment, every week, on special days."""

    office_id: int
    moment: datetime
    opening: Opening
    week: list[timetable.Row]
    specials: dict[date, Special]
    limits: Limits
    all_week: dict[int, list[Span]]
    all_specials: dict[date, Special]

    @property
    def quota(self) -> int | None:
        """Today's quota in vehicles; None: no limit."""
        return on_day(self.limits, self.moment.date(), self.all_specials).quota

    def admission(self, taken: int = 0) -> Admission:
        """Whether one more vehicle may enter after `taken` vehicles today."""
        return admission(self.moment, self.all_week, self.all_specials, self.limits, taken)

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
    return [
        LaneCard(row.id, row.number, row.name, row.kind, row.is_open, row.site, row.windows, row.test_until)
        for row in rows
    ]


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
        row.day: Special(
            row.title, tuple(Span(hours.opens, hours.closes) for hours in row.hours), row.quota, row.title_en
        )
        for row in rows
    }


def admission_of(
    session: Session, office: OfficeRow, at: datetime | None = None, count: Callable[[], int] = lambda: 0
) -> Admission:
    """Whether a vehicle may enter this office at `at` (default: now). Times in the answer are local.

    `count` returns today's vehicles; it is called only under a quota.
    """
    moment, limits = clock.local(at or clock.now(), office.timezone), limits_of(office.options)
    spans, today = _day(session.connection(), office.id, moment)
    taken = count() if on_day(limits, moment.date(), today).quota is not None else 0
    now = admission(moment, {moment.weekday(): spans}, today, limits, taken)
    if now.is_open:  # the common case, and screens ask often: only a closed office needs the days ahead
        return now
    week, specials = week_of(session, office.id), specials_of(session, office.id, moment.date())
    return admission(moment, week, specials, limits, taken)


def service_hours(session: Session, office: Office) -> ServiceHours:
    """Now, the whole week, and the special days of the next three weeks."""
    moment = clock.local(clock.now(), office.timezone)
    week, specials = week_of(session, office.id), specials_of(session, office.id, moment.date())
    soon = {day: special for day, special in specials.items() if day <= moment.date() + SPECIALS_SHOWN}
    now, limits = opening(moment, week, specials), limits_of(office.options)
    return ServiceHours(office.id, moment, now, timetable.rows(week), soon, limits, week, specials)


def takes_vehicles(conn: Connection, office: LaneRow, moment: datetime, count: Callable[[], int]) -> bool:
    """Only whether a vehicle may enter: one prebuilt statement, for the path of a scan.

    `count` returns today's vehicles; it is called only under a quota.
    """
    at = clock.local(moment, office.timezone)
    spans, specials = _day(conn, office.office_id, at)
    limits = on_day(limits_of(office.options), at.date(), specials)
    return why_closed(at, spans, limits, count() if limits.quota is not None else 0) is None


def _day(conn: Connection, office_id: int, at: datetime) -> tuple[tuple[Span, ...], dict[date, Special]]:
    """The spans of the day of `at`, and that day if it is a special day."""
    day = at.date()
    rows = _TODAY.all(conn, office=office_id, weekday=at.weekday(), day=day)
    special = [row for row in rows if row.special]
    spans = tuple(_spans(special))
    specials = {day: Special("", spans, special[0].quota)} if special else {}
    week = {at.weekday(): list(_spans(row for row in rows if not row.special))}
    return spans_of(day, week, specials), specials


def _spans(rows: Iterable[DaySpan]) -> Iterator[Span]:
    return (Span(row.opens, row.closes) for row in rows if row.opens and row.closes)


_TODAY = TypedSelect(
    DaySpan,
    union_all(
        select(literal(0).label("special"), OpeningHours.opens, OpeningHours.closes, null().label("quota")).where(
            OpeningHours.office_id == bindparam("office"), OpeningHours.weekday == bindparam("weekday")
        ),
        select(literal(1).label("special"), SpecialHours.opens, SpecialHours.closes, SpecialDay.quota)
        .select_from(SpecialDay)
        .outerjoin(SpecialHours)
        .where(SpecialDay.office_id == bindparam("office"), SpecialDay.day == bindparam("day")),
    ),
)


def office_card(session: Session, office_id: int) -> Office:
    """The caller's office. It exists as long as the caller."""
    return session.get_one(Office, office_id)
