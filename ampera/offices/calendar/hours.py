"""When an office is open: weekly hours, and special days that replace them. Plain local times, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True)
class Span:
    """Open from `opens` until before `closes` (local HH:MM; 24:00 is midnight)."""

    opens: str
    closes: str


@dataclass(frozen=True)
class Special:
    """A day with its own spans (none: closed), a title, and its own quota (None: the office's quota).

    `title_en` is empty where the office has given no English title.
    """

    title: str
    spans: tuple[Span, ...] = ()
    quota: int | None = None
    title_en: str = ""


@dataclass(frozen=True)
class Opening:
    """Whether the office is open and until when, else its next opening (None: unknown); today's spans and title.

    All times are local.
    """

    is_open: bool
    until: datetime | None
    next_opening: datetime | None
    today: tuple[Span, ...]
    title: str | None


Week = Mapping[int, Iterable[Span]]
Specials = Mapping[date, Special]


def spans_of(day: date, week: Week, specials: Specials) -> tuple[Span, ...]:
    """The spans of one day, in order."""
    if day in specials:
        return specials[day].spans
    return tuple(sorted(week.get(day.weekday(), ()), key=lambda span: span.opens))


def opening(moment: datetime, week: Week, specials: Specials) -> Opening:
    """Whether the office is open at this local moment, until when, and when it opens next."""
    today = spans_of(moment.date(), week, specials)
    title = specials[moment.date()].title if moment.date() in specials else None
    for span in today:
        if at_clock(moment, span.opens) <= moment < at_clock(moment, span.closes):
            return Opening(True, at_clock(moment, span.closes), None, today, title)
    return Opening(False, None, _next(moment, week, specials), today, title)


def _next(moment: datetime, week: Week, specials: Specials) -> datetime | None:
    for ahead in range(LOOK_AHEAD_DAYS):
        day = moment + timedelta(days=ahead)
        for span in spans_of(day.date(), week, specials):
            opens = at_clock(day, span.opens)
            if opens > moment:
                return opens
    return None


def at_clock(day: datetime, clock: str) -> datetime:
    """The time `clock` (HH:MM) on the day of `day`, in the zone of `day`."""
    hour, minute = (int(part) for part in clock.split(":"))
    midnight = datetime.combine(day.date(), time(), tzinfo=day.tzinfo)
    return midnight + timedelta(hours=hour, minutes=minute)


def is_within(moment: datetime, since: str, until: str) -> bool:
    """Whether this local moment lies between two times of day (HH:MM); the second may be on the next day."""
    now = moment.strftime("%H:%M")
    return since <= now < until if since < until else now >= since or now < until
