"""The only reader of the wall clock. Moments are aware UTC datetimes; people see the office's local time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WIB = "Asia/Jakarta"
ZONES = {WIB: "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}  # the zones of Indonesian offices

_offset = timedelta()
_frozen: datetime | None = None
_speed = 1.0
_since = datetime(2026, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present moment in UTC, whole microseconds."""
    return _since + (true_now() - _since) * _speed if _speed != 1 else true_now()


def true_now() -> datetime:
    """The same at the true rate: for heartbeats, which a fast clock must not age."""
    return (_frozen or datetime.now(UTC)) + _offset


def true_seconds(seconds: float) -> float:
    """The real duration of this many seconds of a simulated clock: the time a timer must wait."""
    return seconds / _speed


def run_at(speed: float, since: datetime | None = None) -> None:
    """For simulations: from `since` (default: now) the clock runs `speed` times as fast as real time."""
    global _speed, _since
    _speed, _since = speed, since or true_now()


def local(moment: datetime, timezone: str = WIB) -> datetime:
    """The moment in the office's local time."""
    return moment.astimezone(ZoneInfo(timezone))


def today(timezone: str = WIB) -> date:
    """The office's present service day."""
    return local(now(), timezone).date()


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with Z, the form of every time in JSON."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


@contextmanager
def freeze(moment: datetime) -> Iterator[None]:
    """For tests: freeze the clock at this moment."""
    global _frozen
    before, _frozen = _frozen, moment - _offset
    try:
        yield
    finally:
        _frozen = before


@contextmanager
def shift(by: timedelta) -> Iterator[None]:
    """For tests: run the clock ahead by this much."""
    global _offset
    before, _offset = _offset, _offset + by
    try:
        yield
    finally:
        _offset = before
