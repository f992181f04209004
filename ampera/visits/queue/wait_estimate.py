"""The vehicles ahead of a waiting vehicle (an exact count) and its wait (an honest range, or nothing). Pure.

Two vehicles compete when some lane of their site serves both of their kinds.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from statistics import quantiles
from typing import NamedTuple

from ampera.visits import states

ENOUGH = 5  # vehicles that must have finished before a wait is estimated
QUARTERS = 4
MINUTE = 60  # seconds


class Waiting(NamedTuple):
    """One waiting vehicle: its site, its kind, and the lane in whose line it stands where a gate sends it to one."""

    id: int
    site: str
    kind: str
    lane_id: int | None = None


class Line(NamedTuple):
    """The line of an open lane. `ahead` counts the vehicles before one more: waiting, called or served there."""

    lane_id: int
    lane: int
    kind: str
    windows: int
    ahead: int


def by_wait(lines: Iterable[Line]) -> list[Line]:
    """The lines with the shortest wait first: the fewest vehicles for each window.

    Of equal ones a lane for one kind of vehicle comes before a mixed lane, which the other kind may need, then the
    lower number.
    """
    return sorted(lines, key=lambda line: (line.ahead / line.windows, line.kind == "mixed", line.lane))


def rivals(kind: str, lane_kinds: Iterable[str]) -> frozenset[str]:
    """The kinds that compete with this kind at lanes of these kinds; its own kind is among them."""
    taken = (states.kinds_at(lane) for lane in lane_kinds)
    return frozenset({kind}.union(*(kinds for kinds in taken if kind in kinds)))


def ahead_of_each(queue: Iterable[Waiting], lanes: Mapping[str, Collection[str]]) -> dict[int, int]:
    """The number of vehicles ahead of each vehicle of `queue`, which is in order. `lanes`: kinds of lanes by site."""
    before: dict[tuple[str, int | None], Counter[str]] = defaultdict(Counter)
    compete: dict[tuple[str, str], frozenset[str]] = {}
    ahead = {}
    for vehicle in queue:
        where = vehicle.site, vehicle.kind
        if where not in compete:
            compete[where] = rivals(vehicle.kind, lanes.get(vehicle.site, ()))
        line = vehicle.site, vehicle.lane_id
        ahead[vehicle.id] = sum(before[line][kind] for kind in compete[where])
        before[line][vehicle.kind] += 1
    return ahead


def wait_range(ahead: int, occupied_s: Collection[float], windows: int) -> tuple[int, int] | None:
    """Whole minutes until a vehicle with `ahead` vehicles before it is called: (low, high); None without an estimate.

    `occupied_s` are the seconds that each recent vehicle occupied its window, from the call to the end. The windows
    share the vehicles ahead. Low uses the first quartile; high uses the third and adds one turn, because the progress
    at the windows is unknown. The range is rounded outward, and high is never 0.
    """
    if len(occupied_s) < ENOUGH or windows < 1:
        return None
    quick, _median, slow = quantiles(occupied_s, n=QUARTERS, method="inclusive")
    turns = ahead / windows
    return math.floor(turns * quick / MINUTE), max(1, math.ceil((turns + 1) * slow / MINUTE))
