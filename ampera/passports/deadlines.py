"""The last day to collect a book (Permenkumham 8/2014, Pasal 30: one month from the issue date).

A book is never cancelled automatically after that day: a supervisor decides. An office may count days instead of
months, and may extend the deadline for closures.
"""

import calendar
import re
from datetime import date, timedelta
from typing import Any

from ampera.offices.options.defaults import option

ONE_MONTH = "1 month"
# The grounds of a cancellation by their letter in Pasal 30. No other ground exists.
GROUNDS = ("a", "b", "c", "d", "e")
NOT_COLLECTED = "d"
_LIMIT = re.compile(r"([1-9]\d{0,3}) (day|month)s?")


def last_day(issued_on: date, limit: str = ONE_MONTH, extended_until: date | None = None) -> date:
    """The last day to collect, itself included. `limit` is like '1 month' or '30 days', else ValueError."""
    written = _LIMIT.fullmatch(limit)
    if written is None:
        raise ValueError(f"a collection limit is like '1 month' or '30 days', not {limit!r}")
    count = int(written[1])
    ends = _months_later(issued_on, count) if written[2] == "month" else issued_on + timedelta(days=count)
    return max(ends, extended_until or ends)


def collect_by(issued_on: date, options: dict[str, Any], late_until: date | None = None) -> date:
    """The last day to collect under the options of an office (its limit and its extension for closures), or the later
    day that a supervisor allowed for this book.
    """
    until = option(options, "deadline_extended_until")
    last = last_day(issued_on, option(options, "collection_limit"), date.fromisoformat(until) if until else None)
    return max(last, late_until or last)


def first_in_time(today: date, options: dict[str, Any]) -> date:
    """The earliest issue date whose books are not overdue on this day: what `collect_by` says, for a whole list.

    `date.min` while an extension for closures covers the day. A later day that a supervisor allowed for one book is
    not in it.
    """
    until = option(options, "deadline_extended_until")
    if until and date.fromisoformat(until) >= today:
        return date.min
    limit = option(options, "collection_limit")
    first = today - _longest(limit)
    while is_overdue(last_day(first, limit), today):
        first += timedelta(days=1)
    return first


def is_overdue(last: date, today: date) -> bool:
    """Whether the last day is over, by the office's calendar."""
    return today > last


def _longest(limit: str) -> timedelta:
    """At least as long as the limit, and a few days more at most for each month."""
    count, unit = limit.removesuffix("s").split()
    return timedelta(days=int(count) * (31 if unit == "month" else 1))


def _months_later(day: date, count: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter (31 January -> 28 February)."""
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
