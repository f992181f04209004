"""Whether one more vehicle may enter: the hours, narrowed by a closure by hand, a quota and a last vehicle.

Plain local times, no database. A vehicle that is in the queue is never affected.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from ampera.offices.calendar.hours import LOOK_AHEAD_DAYS, Span, Specials, Week, at_clock, spans_of
from ampera.offices.options.defaults import option

HOURS, BY_HAND, QUOTA, LAST_VEHICLE = "hours", "by_hand", "quota", "last_vehicle"
SECOND_THOUGHTS = timedelta(minutes=10)  # a closure can be undone for this long before applicants are notified
ALL_DAY = Span("00:00", "24:00")  # such a day has no closing time, so no last vehicle either


@dataclass(frozen=True)
class Limits:
    """The limits within the hours. `quota` counts vehicles a day; `closed_until` is None for an open-ended closure."""

    last_vehicle_minutes: int = 0
    quota: int | None = None
    closed_by_hand: bool = False
    closed_until: datetime | None = None

    def is_shut(self, moment: datetime) -> bool:
        """Whether a closure by hand is in force."""
        return self.closed_by_hand and (self.closed_until is None or moment < self.closed_until)


@dataclass(frozen=True)
class Admission:
    """Whether a vehicle may enter now; if not, the reason (`HOURS` …) and the next opening (None: unknown).

    All times are local. `until` is the next closing (a break or the end of the day), or the end of a closure by hand.
    `last_vehicle_at` is of today; `left` is the rest of today's quota (None: no quota).
    """

    is_open: bool
    reason: str | None
    opens_at: datetime | None
    until: datetime | None
    last_vehicle_at: datetime | None
    left: int | None


def limits_of(options: dict[str, Any]) -> Limits:
    """The limits in the office's options."""
    closing = option(options, "closed_by_hand")
    until = closing and closing.get("until")
    return Limits(
        option(options, "last_vehicle_minutes"),
        option(options, "day_quota"),
        closing is not None,
        datetime.fromisoformat(until) if until else None,
    )


def admission(moment: datetime, week: Week, specials: Specials, limits: Limits, taken: int = 0) -> Admission:
    """The admission at this local moment, after `taken` vehicles have come today."""
    today, spans = moment.date(), spans_of(moment.date(), week, specials)
    of_today = on_day(limits, today, specials)
    reason = why_closed(moment, spans, of_today, taken)
    return Admission(
        reason is None,
        reason,
        _opens_at(moment, week, specials, limits, taken) if reason else None,
        _until(moment, spans, of_today, reason),
        last_vehicle(moment, spans, limits.last_vehicle_minutes),
        None if of_today.quota is None else max(0, of_today.quota - taken),
    )


def why_closed(moment: datetime, spans: Iterable[Span], limits: Limits, taken: int = 0) -> str | None:
    """Why no vehicle may enter now, or None. In a break the reason is the one that applies after the break."""
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
    """The limits of this day: the quota of a special day replaces the office's quota."""
    own = specials[day].quota if day in specials else None
    return limits if own is None else replace(limits, quota=own)


def last_vehicle(day: datetime, spans: Iterable[Span], minutes: int) -> datetime | None:
    """`minutes` before the last closing of the day (not before a break); None: vehicles may come until the closing."""
    ordered = tuple(spans)
    if not minutes or not ordered or ordered == (ALL_DAY,):
        return None
    return max(at_clock(day, span.closes) for span in ordered) - timedelta(minutes=minutes)


def split(quota: int, booked_share: int) -> tuple[int, int]:
    """The quota as (vehicles with a slot, vehicles without): `booked_share` percent, rounded down, and the rest."""
    booked = quota * booked_share // 100
    return booked, quota - booked


class Banner(NamedTuple):
    """A temporary text on the screens, until an ISO moment."""

    text: str
    until: str


def banner_of(options: dict[str, Any], at: datetime) -> Banner | None:
    """The temporary text that the screens show at this moment."""
    banner = option(options, "notice")
    return Banner(banner["text"], banner["until"]) if banner and at < datetime.fromisoformat(banner["until"]) else None


def message_line(options: dict[str, Any], at: datetime) -> str:
    """The line of text on the screens: the temporary text until its end, else the standing message."""
    banner = banner_of(options, at)
    return str(banner.text if banner else option(options, "message"))


def _present(moment: datetime, spans: tuple[Span, ...]) -> Span | None:
    present = (span for span in spans if at_clock(moment, span.opens) <= moment < at_clock(moment, span.closes))
    return next(present, None)


def _taken_later(moment: datetime, spans: tuple[Span, ...]) -> bool:
    return any(at_clock(moment, span.opens) > moment for span in spans)


def _until(moment: datetime, spans: tuple[Span, ...], limits: Limits, reason: str | None) -> datetime | None:
    if reason == BY_HAND:
        return limits.closed_until and limits.closed_until.astimezone(moment.tzinfo)
    present = None if reason else _present(moment, spans)
    return at_clock(moment, present.closes) if present else None


def _opens_at(moment: datetime, week: Week, specials: Specials, limits: Limits, taken: int) -> datetime | None:
    """The next moment when a vehicle may enter; None within LOOK_AHEAD_DAYS."""
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
