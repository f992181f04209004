"""When a message may leave, when it is tried again, and when it is of no use any more. Plain decisions."""

from datetime import datetime, time, timedelta
from typing import Any

from ampera import clock
from ampera.offices.calendar.hours import is_within
from ampera.offices.options.defaults import option

# Somebody may have to act on these at once, or asked for them: they leave at night too.
URGENT = frozenset({"collecting", "collected", "diverted", "link"})
USEFUL = timedelta(days=30)
URGENT_USEFUL = timedelta(days=1)
LONGEST_PAUSE = 60
GIVE_UP_AFTER = timedelta(hours=24)
LEAST_TRIES = 3


def not_before(kind: str, options: dict[str, Any], timezone: str, moment: datetime) -> datetime:
    """`moment`, or the end of the office's quiet hours when it falls into them and can wait."""
    quiet = option(options, "notice_quiet_hours")
    if not quiet or kind in URGENT:
        return moment
    local = clock.local(moment, timezone)
    if not is_within(local, *quiet):
        return moment
    ends = datetime.combine(local.date(), time.fromisoformat(quiet[1]), local.tzinfo)
    return ends if ends > local else ends + timedelta(days=1)


def is_stale(kind: str, since: datetime, moment: datetime) -> bool:
    """Whether nobody has a use for this any more: it was ready to leave at `since` and could not."""
    return moment - since > (URGENT_USEFUL if kind in URGENT else USEFUL)


def pause_after(failures: int) -> float:
    """Seconds until the next try after so many failures in a row: 2, 4, 8 … and at most 60."""
    return float(min(2 ** min(failures, 6), LONGEST_PAUSE))


def is_given_up(tries: int, since: datetime, moment: datetime) -> bool:
    """Whether a failure that might pass has lasted so long that it counts as one for good."""
    return tries >= LEAST_TRIES and moment - since > GIVE_UP_AFTER


def in_true_time(moment: datetime, seconds: float) -> datetime:
    """The moment on our clock after this many true seconds (a simulation's clock runs faster)."""
    return moment + timedelta(seconds=seconds / clock.true_seconds(1))
