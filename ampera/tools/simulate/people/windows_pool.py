"""The windows of all lanes as places that officers take."""

from dataclasses import dataclass
from typing import Any

from gevent.queue import Queue

from ampera.tools.simulate.options import LanePlan


@dataclass(frozen=True)
class Seat:
    """One window of one lane."""

    lane: LanePlan
    window: int

    @property
    def body(self) -> dict[str, Any]:
        return {"lane": self.lane.number, "window": self.window}


def seats_of(lanes: list[LanePlan]) -> "Queue[Seat]":
    """All windows, the first of every lane before the second ones."""
    seats: Queue[Seat] = Queue()
    for window in range(1, max(lane.windows for lane in lanes) + 1):
        for lane in lanes:
            if window <= lane.windows:
                seats.put(Seat(lane, window))
    return seats
