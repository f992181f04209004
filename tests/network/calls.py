"""What became of every call: each screen of its place announced it once, or showed its vehicle at the lane."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.network.follower import Screen

MARGIN = timedelta(milliseconds=50)


@dataclass(frozen=True)
class Call:
    """`shows_at` until `ends_at` is its minimum time on the screens."""

    id: int
    queue_no: str
    lane: int
    shows_at: datetime
    ends_at: datetime
    is_cancelled: bool


def calls_of(database: Path, since_id: int, seconds: float) -> list[Call]:
    """The calls of the run, from the database itself."""
    query = (
        "select calls.id, queue_no, lanes.number, shows_at, cancelled_at from calls "
        "join lanes on lanes.id = calls.lane_id where calls.id > ? order by calls.id"
    )
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute(query, (since_id,)).fetchall()
    found = []
    for number, queue_no, lane, shows_at, cancelled_at in rows:
        at = datetime.fromisoformat(shows_at)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        found.append(Call(number, queue_no, lane, at, at + timedelta(seconds=seconds), cancelled_at is not None))
    return found


@dataclass
class Fates:
    """How often a screen announced a call, showed its vehicle only, or could not hear of it; and what was lost."""

    announced: int = 0
    at_lane: int = 0
    deaf: int = 0
    lost: list[str] = None  # type: ignore[assignment]


def fates(calls: list[Call], screens: list[Screen]) -> Fates:
    """For every screen and every call of its place that nobody took back."""
    fates = Fates(lost=[])
    for screen in screens:
        lane = screen.auth.get("lane")
        received = [datetime.fromisoformat(at) for at in screen.announced_at]
        for call in calls:
            if call.is_cancelled or lane not in (None, call.lane):
                continue
            if call.id in screen.announced:
                fates.announced += 1
            elif not any(call.shows_at + MARGIN <= at <= call.ends_at - MARGIN for at in received):
                is_seen = (call.queue_no, call.lane) in screen.at_lane
                fates.at_lane += is_seen
                fates.deaf += not is_seen
            else:
                fates.lost.append(f"{screen.path}: call {call.id} of {call.queue_no}")
    return fates
