"""A measured figure beside its yardstick and its goal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

UNSTEADY = 10


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; `yardstick` is the bare operation of the same run; `met`: the `goal` is reached.

    `note` says why the figure is not to be trusted.
    """

    name: str
    value: float
    unit: str
    yardstick: float | None = None
    of: str = ""
    goal: str = ""
    met: bool | None = None
    note: str = ""


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: `share` (0 to 1) of the values do not exceed it."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def per_second(count: int, work: Callable[[], object]) -> float:
    """Operations a second, when `work` does `count` operations."""
    began = perf_counter()
    work()
    return count / (perf_counter() - began)


def latencies(name: str, seconds: Sequence[float], bare: Sequence[float] = (), of: str = "") -> list[Figure]:
    """p50 and p99 in milliseconds, each beside that of the yardstick."""
    found = []
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        yardstick = percentile(bare, share) * 1000 if bare else None
        value = percentile(seconds, share) * 1000
        found.append(Figure(f"{name} {label}", value, "ms", yardstick, of, note=unsteady(bare)))
    return found


def unsteady(bare: Sequence[float]) -> str:
    """A bare operation always takes the same time, unless the machine or the measuring client was held up."""
    if not bare or percentile(bare, 0.99) <= percentile(bare, 0.5) * UNSTEADY:
        return ""
    return f"spoiled: the yardstick's p99 is more than {UNSTEADY} times its p50. The machine was busy: measure again."
