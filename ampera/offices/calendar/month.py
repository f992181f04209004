"""The month that the front page shows: this one or the next, week by week, from today on. Plain dates, no database."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ampera.offices.calendar.admission import Limits, on_day
from ampera.offices.calendar.hours import Span, Special, Specials, Week, spans_of

MONDAY_FIRST = Calendar()


@dataclass(frozen=True)
class Day:
    """One day of the month. A past day has `is_past` and no spans."""

    day: date
    is_past: bool = False
    is_today: bool = False
    spans: tuple[Span, ...] = ()
    special: Special | None = None
    quota: int | None = None  # of a special day that takes vehicles; the office's own quota is in `Month`


@dataclass(frozen=True)
class Month:
    """Weeks of seven days (None: a day of another month), and the other month that a reader can choose."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    other: date
    quota: int | None

    @property
    def is_next(self) -> bool:
        return self.other < self.first


def month(today: date, wanted: str | None, week: Week, specials: Specials, limits: Limits) -> Month:
    """The month of `today`, or the next if `wanted` (YYYY-MM) names it. Past weeks are left out."""
    this = today.replace(day=1)
    following = (this + timedelta(days=32)).replace(day=1)
    first, other = (following, this) if wanted == f"{following:%Y-%m}" else (this, following)
    weeks = [
        tuple(_day(day, today, week, specials, limits) if day.month == first.month else None for day in days)
        for days in MONDAY_FIRST.monthdatescalendar(first.year, first.month)
    ]
    return Month(first, tuple(days for days in weeks if _has_future(days)), other, limits.quota)


def _day(day: date, today: date, week: Week, specials: Specials, limits: Limits) -> Day:
    if day < today:
        return Day(day, is_past=True)
    special, spans = specials.get(day), spans_of(day, week, specials)
    quota = on_day(limits, day, specials).quota if special and spans else None
    return Day(day, False, day == today, spans, special, quota)


def _has_future(days: Iterable[Day | None]) -> bool:
    return any(day and not day.is_past for day in days)
