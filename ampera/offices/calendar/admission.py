"""When the line takes one more vehicle: the hours, narrowed by a closing by hand, a quota and a last vehicle.

Plain local times, no database. A vehicle that is in the line already is never asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from ampera.offices.calendar.hours import LOOK_AHEAD_DAYS, Span, Specials, Week, at_clock, spans_of
from ampera.offices.options.defaults import option

HOURS, BY_HAND, QUOTA, LAST_VEHICLE = "hours", "by_hand", "quota", "last_vehicle"
SECOND_THOUGHTS = timedelta(minutes=10)  # so long a closing may be taken back before an applicant hears of it
ALL_DAY = Span("00:00", "24:00")  # such a day has no closing that a last vehicle could come before


@dataclass(frozen=True)
class Limits:
    """What narrows the hours; `quota` counts vehicles a day, `closed_until` is None when nobody said until when."""

    last_vehicle_minutes: int = 0
    quota: int | None = None
    closed_by_hand: bool = False
    closed_until: datetime | None = None

    def is_shut(self, moment: datetime) -> bool:
        """Whether somebody closed the line by hand and its end has not come."""
        return self.closed_by_hand and (self.closed_until is None or moment < self.closed_until)


@dataclass(frozen=True)
class Line:
    """Does the line take a vehicle now? If not, why (`HOURS` …) and when again (None: nobody knows). Local times.

    `until` is the closing ahead (a break or the end of the day), or the end of a closing by hand. `last_vehicle_at`
    is today's; `left` is what remains of today's quota (None: there is none).
    """

    is_open: bool
    reason: str | None
    opens_at: datetime | None
    until: datetime | None
    last_vehicle_at: datetime | None
    left: int | None


def limits_of(options: dict[str, Any]) -> Limits:
    """The office's limits as its options say them."""
    closing = option(options, "closed_by_hand")
    until = closing and closing.get("until")
    return Limits(
        option(options, "last_vehicle_minutes"),
        option(options, "day_quota"),
        closing is not None,
        datetime.fromisoformat(until) if until else None,
    )


def line(moment: datetime, week: Week, specials: Specials, limits: Limits, taken: int = 0) -> Line:
    """The line at this local moment, when `taken` vehicles have come today."""
    today, spans = moment.date(), spans_of(moment.date(), week, specials)
    of_today = on_day(limits, today, specials)
    reason = why_closed(moment, spans, of_today, taken)
    return Line(
        reason is None,
        reason,
        _opens_at(moment, week, specials, limits, taken) if reason else None,
        _until(moment, spans, of_today, reason),
        last_vehicle(moment, spans, limits.last_vehicle_minutes),
        None if of_today.quota is None else max(0, of_today.quota - taken),
    )


def why_closed(moment: datetime, spans: Iterable[Span], limits: Limits, taken: int = 0) -> str | None:
    """Why no vehicle is taken now; None when one is. In a break the reason is what keeps it closed after it."""
    ordered = tuple(spans)
    if limits.is_shut(moment) and limits.closed_until is None:
        return BY_HAND
    is_open = _present(moment, ordered) is not None
    if not is_open and not _taken_later(moment, ordered):
        return HOURS
    if is_open and limits.is_shut(moment):
        return BY_HAND
    if limits.quota is not None and taken >= limits.quota:
        return QUOTA
    last = last_vehicle(moment, ordered, limits.last_vehicle_minutes)
    if last is not None and moment >= last:
        return LAST_VEHICLE
    return None if is_open else HOURS


def on_day(limits: Limits, day: date, specials: Specials) -> Limits:
    """The limits of this day: a special day's own quota comes before the office's."""
    own = specials[day].quota if day in specials else None
    return limits if own is None else replace(limits, quota=own)


def last_vehicle(day: datetime, spans: Iterable[Span], minutes: int) -> datetime | None:
    """So many minutes before the last closing of this day, not before a break; None: until the closing itself."""
    ordered = tuple(spans)
    if not minutes or not ordered or ordered == (ALL_DAY,):
        return None
    return max(at_clock(day, span.closes) for span in ordered) - timedelta(minutes=minutes)


def split(quota: int, booked_share: int) -> tuple[int, int]:
    """A quota in vehicles for booked times (`booked_share` percent, rounded down) and for those who just come."""
    booked = quota * booked_share // 100
    return booked, quota - booked


class Banner(NamedTuple):
    """A temporary text on the screens, until an ISO moment."""

    text: str
    until: str


def banner_of(options: dict[str, Any], at: datetime) -> Banner | None:
    """The temporary text that the screens show at this moment."""
    notice = option(options, "notice")
    return Banner(notice["text"], notice["until"]) if notice and at < datetime.fromisoformat(notice["until"]) else None


def message_line(options: dict[str, Any], at: datetime) -> str:
    """The line of text on the screens: the temporary text until its end, else the standing message."""
    banner = banner_of(options, at)
    return str(banner.text if banner else option(options, "message"))


def _present(moment: datetime, spans: tuple[Span, ...]) -> Span | None:
    return next(
        (one for one in spans if at_clock(moment, one.opens) <= moment < at_clock(moment, one.closes)),
        None,
    )


def _taken_later(moment: datetime, spans: tuple[Span, ...]) -> bool:
    return any(at_clock(moment, span.opens) > moment for span in spans)


def _until(moment: datetime, spans: tuple[Span, ...], limits: Limits, reason: str | None) -> datetime | None:
    if reason == BY_HAND:
        return limits.closed_until and limits.closed_until.astimezone(moment.tzinfo)
    present = None if reason else _present(moment, spans)
    return at_clock(moment, present.closes) if present else None


def _opens_at(moment: datetime, week: Week, specials: Specials, limits: Limits, taken: int) -> datetime | None:
    """The first moment when a vehicle is taken again, as far as anybody knows."""
    shut_until = limits.closed_until
    if limits.is_shut(moment) and shut_until is None:
        return None
    since = max(moment, shut_until.astimezone(moment.tzinfo)) if shut_until else moment
    for ahead in range(LOOK_AHEAD_DAYS):
        day = since + timedelta(days=ahead)
        came = taken if day.date() == moment.date() else 0
        if opens := _first_on(day, since, week, specials, limits, came):
            return opens
    return None


def _first_on(
    day: datetime, since: datetime, week: Week, specials: Specials, limits: Limits, came: int
) -> datetime | None:
    of_day = on_day(limits, day.date(), specials)
    if of_day.quota is not None and came >= of_day.quota:
        return None
    spans = spans_of(day.date(), week, specials)
    last = last_vehicle(day, spans, limits.last_vehicle_minutes)
    for span in spans:
        opens, closes = max(at_clock(day, span.opens), since), at_clock(day, span.closes)
        if opens < (min(closes, last) if last else closes):
            return opens
    return None
