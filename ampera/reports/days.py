"""A range of service days from a form, and its bounds on the office's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ampera.errors import ErrorCode
from ampera.offices.refusals import OfficeRefusal
from ampera.reports.refusals import ReportRefusal

FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)
MOST_DAYS = (LATEST - EARLIEST).days + 1


@dataclass(frozen=True)
class Days:
    """From `since` to `until`, both included."""

    since: date
    until: date

    @property
    def count(self) -> int:
        return (self.until - self.since).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.since + timedelta(days=n) for n in range(self.count))

    def moved(self, lengths: int) -> "Days":
        """The range of the same length, `lengths` ranges later (earlier when negative)."""
        by = timedelta(days=self.count * lengths)
        return Days(self.since + by, self.until + by)

    def bounds(self, timezone: str) -> tuple[datetime, datetime]:
        """The first moment of the range and the first one after it, in UTC."""
        zone = ZoneInfo(timezone)
        starts = datetime.combine(self.since, time(), tzinfo=zone)
        ends = datetime.combine(self.until + timedelta(days=1), time(), tzinfo=zone)
        return starts.astimezone(UTC), ends.astimezone(UTC)


@dataclass(frozen=True)
class Asked:
    """A range as typed. With `problems`, by field, `days` is only today, and no page may show its figures."""

    since: str
    until: str
    days: Days
    problems: dict[str, ErrorCode]
    longest: int


def asked(since: str | None, until: str | None, today: date, longest: int) -> Asked:
    """The range of two typed dates (today without any). A text that is no date and a range that is too long are
    problems, never another range.
    """
    typed = {"since": (since or "").strip(), "until": (until or "").strip()}
    problems: dict[str, ErrorCode] = {
        name: OfficeRefusal.BAD_DAY for name, text in typed.items() if text and read(text) is None
    }
    days = chosen(since, until, today, longest=MOST_DAYS)
    if not problems and days.count > longest:
        problems = {"since": ReportRefusal.RANGE_TOO_LONG}
    return Asked(**typed, days=Days(today, today) if problems else days, problems=problems, longest=longest)


def chosen(since: str | None, until: str | None, today: date, longest: int) -> Days:
    """The range of two typed dates: today without any, ends in order, at most `longest` days."""
    first, last = read(since), read(until)
    first, last = first or last or today, last or first or today
    first, last = min(first, last), max(first, last)
    return Days(max(first, last - timedelta(days=longest - 1)), last)


def presets(today: date) -> dict[str, Days]:
    """The ranges that people ask for most, by name. Weeks begin on Monday."""
    yesterday, month = today - timedelta(days=1), today.replace(day=1)
    return {
        "today": Days(today, today),
        "yesterday": Days(yesterday, yesterday),
        "week": Days(today - timedelta(days=today.weekday()), today),
        "month": Days(month, today),
        "last_month": Days((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
    }


def read(text: str | None) -> date | None:
    """A date as forms send it or as people type it; None for any other text."""
    for shape in FORMATS:
        try:
            day = datetime.strptime((text or "").strip(), shape).date()  # noqa: DTZ007
        except ValueError:
            continue
        return day if EARLIEST <= day <= LATEST else None
    return None
