"""How many vehicles go before one, and how long that takes: an exact count, and an honest range or nothing at all.

Pure. A vehicle competes with another when some lane of its site takes both of their kinds.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from statistics import quantiles
from typing import NamedTuple

from ampera.visits import states

ENOUGH = 5  # vehicles that must have finished before anything is said
QUARTERS = 4
MINUTE = 60  # seconds


class Waiting(NamedTuple):
    """One waiting vehicle: where it waits and what it is."""

    id: int
    site: str
    kind: str


def rivals(kind: str, lane_kinds: Iterable[str]) -> frozenset[str]:
    """The kinds of vehicles that may take a turn from this one at lanes of these kinds; its own is among them."""
    taken = (states.kinds_at(lane) for lane in lane_kinds)
    return frozenset({kind}.union(*(kinds for kinds in taken if kind in kinds)))


def ahead_of_each(queue: Iterable[Waiting], lanes: Mapping[str, Collection[str]]) -> dict[int, int]:
    """How many vehicles go before each one of the queue (given in its order). `lanes`: the lanes' kinds by site."""
    before: dict[str, Counter[str]] = defaultdict(Counter)
    compete: dict[tuple[str, str], frozenset[str]] = {}
    ahead = {}
    for one in queue:
        where = one.site, one.kind
        if where not in compete:
            compete[where] = rivals(one.kind, lanes.get(one.site, ()))
        ahead[one.id] = sum(before[one.site][kind] for kind in compete[where])
        before[one.site][one.kind] += 1
    return ahead


def wait_range(ahead: int, occupied_s: Collection[float], windows: int) -> tuple[int, int] | None:
    """Whole minutes until a vehicle with so many before it is called: (low, high), or None when nobody can say.

    `occupied_s`: how many seconds each vehicle that finished lately had its window, from the call to the end. The
    windows share those ahead; low takes each as one of the quick quarter, high as one of the slow quarter and adds one
    whole turn, because nobody knows how far those at the windows are. Rounded outward, high is never 0.
    """
    if len(occupied_s) < ENOUGH or windows < 1:
        return None
    quick, _median, slow = quantiles(occupied_s, n=QUARTERS, method="inclusive")
    turns = ahead / windows
    return math.floor(turns * quick / MINUTE), max(1, math.ceil((turns + 1) * slow / MINUTE))
