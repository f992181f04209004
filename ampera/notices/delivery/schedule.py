"""The times of a delivery: quiet hours, retries, and the age at which a notice is useless. Rules without a database."""

from datetime import datetime, time, timedelta
from typing import Any

from ampera import clock
from ampera.offices.calendar.hours import is_within
from ampera.offices.options.defaults import option

# The applicant may have to act at once, or asked for the message: these kinds ignore quiet hours.
URGENT = frozenset({"collecting", "collected", "diverted", "link"})
USEFUL = timedelta(days=30)
URGENT_USEFUL = timedelta(days=1)
# What is true only for the moment: a later message would describe a visit that has ended.
MOMENTARY_USEFUL = timedelta(minutes=10)
MOMENTARY = frozenset({"collecting", "diverted"})
# A notice that has waited so long, because no channel was set up, leaves only when a person has decided so.
HELD_AFTER = timedelta(hours=24)
EXPIRED = "expired"  # the state of a notice that became useless
LONGEST_PAUSE = 60
GIVE_UP_AFTER = timedelta(hours=24)
LEAST_TRIES = 3


def not_before(kind: str, options: dict[str, Any], timezone: str, moment: datetime) -> datetime:
    """`moment`, or the end of the office's quiet hours when a notice of this kind must wait for it."""
    quiet = option(options, "notice_quiet_hours")
    if not quiet or kind in URGENT:
        return moment
    local = clock.local(moment, timezone)
    if not is_within(local, *quiet):
        return moment
    ends = datetime.combine(local.date(), time.fromisoformat(quiet[1]), local.tzinfo)
    return ends if ends > local else ends + timedelta(days=1)


def is_stale(kind: str, since: datetime, moment: datetime) -> bool:
    """Whether a notice that was due at `since` is too old to be useful."""
    return moment - since > useful(kind)


def useful(kind: str) -> timedelta:
    if kind in MOMENTARY:
        return MOMENTARY_USEFUL
    return URGENT_USEFUL if kind in URGENT else USEFUL


def pause_after(failures: int) -> float:
    """Seconds until the next try after this number of consecutive failures: 2, 4, 8 … and at most 60."""
    return float(min(2 ** min(failures, 6), LONGEST_PAUSE))


def is_given_up(tries: int, since: datetime, moment: datetime) -> bool:
    """Whether temporary failures have lasted so long that they count as a permanent failure."""
    return tries >= LEAST_TRIES and moment - since > GIVE_UP_AFTER


def in_true_time(moment: datetime, seconds: float) -> datetime:
    """The moment on the app's clock after this many real seconds. The clock of a simulation runs faster."""
    return moment + timedelta(seconds=seconds / clock.true_seconds(1))
