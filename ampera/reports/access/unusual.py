"""What is unusual about the looks of one member of staff. Each rule is for a supervisor to ask about, not a verdict."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from ampera.offices.options.defaults import option
from ampera.reports.access.looks import PAGES, Look, chosen


class Bounds(NamedTuple):
    """From how many on something is unusual: `people` on one day whose vehicle was not there, the same person or search
    on one day so many `times`, `signatures`.
    """

    people: int
    times: int
    signatures: int


def bounds_of(options: dict[str, Any]) -> Bounds:
    """What the office calls unusual."""
    return Bounds(*(option(options, f"unusual_{name}") for name in Bounds._fields))


USUAL = bounds_of({})


@dataclass(frozen=True)
class Summary:
    """The looks of one account in some days. `people` counts those who were looked for, not those at the lane.
    `last_at` is the newest look.

    `flags` are `without_visit`, `outside_hours`, `repeated`, `signatures`.
    """

    staff_id: int
    people: int
    without_visit: int
    at_the_lane: int
    searches: int
    exports: int
    outside_hours: int
    repeated: int
    flags: tuple[str, ...]
    last_at: datetime


def summary(
    staff_id: int,
    looks: Collection[Look],
    day_of: Callable[[datetime], date],
    was_here: Callable[[int, date], bool],
    is_open: Callable[[datetime], bool],
    bounds: Bounds = USUAL,
) -> Summary:
    """`was_here(passport, day)`: its vehicle was in the lane on that day. `is_open(moment)`: the office was open."""
    seen = {(person, day_of(look.at)) for look in looks for person in chosen(look)}
    absent = Counter(day for person, day in seen if not was_here(person, day))
    outside = sum(not is_open(look.at) for look in looks)
    repeated = max(_times(looks, day_of), default=0)
    signatures = sum(look.kind == "signature" for look in looks)
    found = {
        "without_visit": max(absent.values(), default=0) >= bounds.people,
        "outside_hours": outside > 0,
        "repeated": repeated >= bounds.times,
        "signatures": signatures >= bounds.signatures,
    }
    return Summary(
        staff_id,
        len({person for person, _ in seen}),
        absent.total(),
        len({person for look in looks if look.kind == "scan" for person in look.people}),
        sum(look.kind == "search" for look in looks),
        sum(look.kind == "export" for look in looks),
        outside,
        repeated,
        tuple(name for name, condition in found.items() if condition),
        max(look.at for look in looks),
    )


def _times(looks: Iterable[Look], day_of: Callable[[datetime], date]) -> Iterable[int]:
    """How often each search was made on one day, and how often each person's page was opened."""
    searches = Counter((look.mark, day_of(look.at)) for look in looks if look.mark)
    pages = [look for look in looks if look.kind in PAGES]
    people = Counter((person, day_of(look.at)) for look in pages for person in look.people)
    return [*searches.values(), *people.values()]
