"""The windows of all lanes, which officers take and give back."""

from dataclasses import dataclass
from typing import Any

from gevent.queue import Queue

from ampera.tools.simulate.options import LanePlan


@dataclass(frozen=True)
class Window:
    """One window of one lane."""

    lane: LanePlan
    number: int

    @property
    def body(self) -> dict[str, Any]:
        """Lane and window as the API takes them."""
        return {"lane": self.lane.number, "window": self.number}


def windows_of(lanes: list[LanePlan]) -> "Queue[Window]":
    """All windows: the first one of each lane, then the second ones, and so on."""
    windows: Queue[Window] = Queue()
    for number in range(1, max(lane.windows for lane in lanes) + 1):
        for lane in lanes:
            if number <= lane.windows:
                windows.put(Window(lane, number))
    return windows
