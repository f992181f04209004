"""The clock of a request: it is answered within 3 x 24 hours of its reception (UU 27/2022 Pasal 30-32)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ANSWER_WITHIN = timedelta(hours=3 * 24)
SOON = timedelta(hours=24)
LONGEST_AGO = timedelta(days=90)  # a request that is noted later than this has a wrong date
CLOCK_DRIFT = timedelta(minutes=5)  # between the browser that gives the time and the server


@dataclass(frozen=True)
class Clock:
    """`seconds` are left, or over when the state is `overdue`; the other states are `soon` and `running`."""

    state: str
    seconds: int


def clock_of(received_at: datetime, at: datetime) -> Clock:
    """The clock at this moment: now, or when the answer was given."""
    left = received_at + ANSWER_WITHIN - at
    state = "overdue" if left < timedelta() else "soon" if left <= SOON else "running"
    return Clock(state, abs(int(left.total_seconds())))


def is_possible(received_at: datetime, at: datetime) -> bool:
    """Whether a request that is noted at this moment can have come then."""
    return at - LONGEST_AGO <= received_at <= at + CLOCK_DRIFT
