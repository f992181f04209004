"""The figures of a range of days: handovers, times, refused scans, and the books on the shelves.

A voided handover counts as voided only. Times are whole seconds. A percentile is a value that occurred.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ampera.handovers.models import Handover
from ampera.offices.models import Office
from ampera.passports.deadlines import collect_by, is_overdue
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.reports.days import Days
from ampera.visits import states
from ampera.visits.models import Scan, Visit
from ampera.visits.scan.verdicts import VERDICTS
from ampera.visits.scan.ways import LOOKUP

LONGEST = 366  # days: a year
AGES = (7, 14, 21, 30)
CLASSES = ("self", "family", "proxy")
NOT_FOUND = "not_found"  # a lookup in vain, beside the verdicts of codes


@dataclass(frozen=True)
class Span:
    """Median and ninth decile of a time in seconds, over `count` vehicles."""

    p50: int | None
    p90: int | None
    count: int


@dataclass(frozen=True)
class Hour:
    """One hour of the day, over all days of the range."""

    hour: int
    books: int
    vehicles: int
    whole: Span


@dataclass(frozen=True)
class Figures:
    """All figures of the page, its tables and its download."""

    days: Days
    books: int
    voided: int
    visits: dict[str, int]
    by_day: list[tuple[date, int]]
    by_hour: list[Hour]
    by_class: list[tuple[str, int]]
    wait: Span
    service: Span
    whole: Span
    verdicts: list[tuple[str, int]]
    shelf: list[tuple[str, int]]
    overdue: int

    @property
    def scans(self) -> int:
        return sum(count for _, count in self.verdicts)

    @property
    def refused(self) -> list[tuple[str, int]]:
        """Scans with a verdict other than go, most frequent first."""
        return [(name, count) for name, count in self.verdicts if name == NOT_FOUND or VERDICTS[name][0] != "go"]

    @property
    def by_month(self) -> list[tuple[date, int]]:
        """The first day of each month of the range, with the handovers of its days in the range."""
        months: Counter[date] = Counter()
        for day, count in self.by_day:
            months[day.replace(day=1)] += count
        return sorted(months.items())

    @property
    def on_shelf(self) -> int:
        return sum(count for _, count in self.shelf)


def figures(session: Session, office: Office, days: Days, today: date) -> Figures:
    """All figures of the office for these days. The shelf figures are of this moment."""
    zone, bounds = ZoneInfo(office.timezone), days.bounds(office.timezone)
    handed, voided = _handovers(session, office.id, bounds)
    visits = _visits(session, office.id, days)
    moments = [at.astimezone(zone) for at, _ in handed]
    per_day = Counter(at.date() for at in moments)
    per_class = Counter(name for _, name in handed)
    shelf, overdue = _shelf(session, office, today)
    return Figures(
        days=days,
        books=len(handed),
        voided=voided,
        visits=dict(Counter(visit.state for visit in visits)),
        by_day=[(day, per_day[day]) for day in days],
        by_hour=_hours(moments, visits, zone),
        by_class=[(name, per_class[name]) for name in CLASSES],
        wait=span((visit.opened_at, visit.served_at) for visit in visits),
        service=span(_service(visit) for visit in visits if visit.state == states.DONE),
        whole=span((visit.opened_at, visit.ended_at) for visit in visits if visit.state == states.DONE),
        verdicts=_verdicts(session, office.id, bounds),
        shelf=shelf,
        overdue=overdue,
    )


def _service(visit: Visit) -> tuple[datetime | None, datetime | None]:
    """The time at the window: waiting at the side is no service."""
    return visit.served_at, visit.ended_at and visit.ended_at - timedelta(seconds=visit.parked_s)


def span(spans: Iterable[tuple[datetime | None, datetime | None]]) -> Span:
    """Median and ninth decile of the spans that have both ends."""
    seconds = sorted(int((ends - begins).total_seconds()) for begins, ends in spans if begins and ends)
    return Span(_percentile(seconds, 50), _percentile(seconds, 90), len(seconds))


def _percentile(ordered: Sequence[int], percent: int) -> int | None:
    """Nearest rank: the smallest value that at least `percent` of the values do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None


def _handovers(
    session: Session, office_id: int, bounds: tuple[datetime, datetime]
) -> tuple[list[tuple[datetime, str]], int]:
    rows = session.execute(
        select(Handover.at, Handover.collector_class, Handover.voided_at).where(
            Handover.office_id == office_id, Handover.at >= bounds[0], Handover.at < bounds[1]
        )
    ).all()
    live = [(row.at, row.collector_class) for row in rows if not row.voided_at]
    return live, len(rows) - len(live)


def _visits(session: Session, office_id: int, days: Days) -> Sequence[Visit]:
    wanted = Visit.day.between(days.since, days.until)
    return session.execute(
        select(Visit.state, Visit.opened_at, Visit.served_at, Visit.ended_at, Visit.parked_s).where(
            Visit.office_id == office_id, wanted
        )
    ).all()  # type: ignore[return-value]


def _hours(moments: Iterable[datetime], visits: Iterable[Visit], zone: ZoneInfo) -> list[Hour]:
    """Every hour from the first to the last with a handover."""
    books = Counter(at.hour for at in moments)
    spans: dict[int, list[tuple[datetime | None, datetime | None]]] = defaultdict(list)
    for visit in visits:
        if visit.state == states.DONE and visit.ended_at:
            spans[visit.ended_at.astimezone(zone).hour].append((visit.opened_at, visit.ended_at))
    busy = {*books, *spans}
    hours = range(min(busy), max(busy) + 1) if busy else range(0)
    return [Hour(hour, books[hour], len(spans[hour]), span(spans[hour])) for hour in hours]


def _verdicts(session: Session, office_id: int, bounds: tuple[datetime, datetime]) -> list[tuple[str, int]]:
    """How often each verdict was given, most frequent first. A lookup that found nothing is no unknown code."""
    rows = session.execute(
        select(Scan.verdict, Scan.found_by, func.count())
        .where(Scan.office_id == office_id, Scan.at >= bounds[0], Scan.at < bounds[1])
        .group_by(Scan.verdict, Scan.found_by)
    )
    counts: Counter[str] = Counter()
    for verdict, way, count in rows:
        counts[NOT_FOUND if (verdict, way) == ("unknown", LOOKUP) else verdict] += count
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _shelf(session: Session, office: Office, today: date) -> tuple[list[tuple[str, int]], int]:
    """Books on the shelf by days since their issue (`≤ 7` … `> 30`), and the number past their last day."""
    rows = session.execute(
        select(Passport.issued_on, Passport.late_until, func.count())
        .where(Passport.office_id == office.id, Passport.state.in_(ON_SHELF))
        .group_by(Passport.issued_on, Passport.late_until)
    ).all()
    ages: Counter[str] = Counter()
    overdue = 0
    for issued_on, late_until, count in rows:
        ages[_age(today - issued_on)] += count
        overdue += count if is_overdue(collect_by(issued_on, office.options, late_until), today) else 0
    return [(name, ages[name]) for name in _AGE_NAMES], overdue


_AGE_NAMES = (*(f"≤ {days}" for days in AGES), f"> {AGES[-1]}")


def _age(age: timedelta) -> str:
    return next((f"≤ {days}" for days in AGES if age.days <= days), _AGE_NAMES[-1])
