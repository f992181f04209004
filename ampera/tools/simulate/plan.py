"""The people of a simulated morning, drawn from a seed before it begins. Pure: the same seed gives the same people.

Times are seconds of the simulated clock. Where figures of the office are known (peak hour, two to five minutes at the
window, groups of pilgrims, as many motorcycles as cars) the shares follow them. The other shares are assumptions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from ampera.tools.simulate.options import Options

MINUTE = 60.0
QUIET = 0.4  # of the peak's rate, at the beginning and at the end
PEAK_SECONDS = 3600.0

MOTORCYCLES = 0.45
FAMILIES, GROUPS = 0.22, 0.03  # of the cars; families come on motorcycles too, with up to three books
LARGEST_GROUP = 40
SECOND_CODE = 0.3  # families with two codes in one car
PRIORITY = {"elderly": 0.04, "pregnant": 0.01, "disabled": 0.01, "children": 0.02}
SEEN_LATE = 0.4  # of the priorities: seen after the scan, so that the order changes
NO_SHOWS, COME_BACK = 0.04, 0.6
FIRST_CODES = {"garbage": 0.015, "unknown": 0.01, "old": 0.025}
REPORTS, REPORTS_ARRIVAL = 0.3, 0.5
HAS_PLATE, HAS_PHONE = 0.6, 0.4
LEAVES = 0.01
# An event happens to a vehicle once: the officer calls it by mistake and undoes the call, transfers it to another lane,
# calls it out of turn with a reason, serves it at the gate, sends it inside, or keeps one of its books back.
EVENTS = {
    "undo": 0.015,
    "transfer": 0.01,
    "jump": 0.015,
    "straight": 0.01,
    "divert": 0.015,
    "partial": 0.02,
}
TYPING_MISS = 0.02  # the officer mistypes a book's number once

SERVICE_MEDIAN = {"car": 160.0, "motorcycle": 115.0}
SERVICE_SPREAD = 0.38  # sigma of the lognormal: nine of ten single books between 1.5 and 5 minutes
NEXT_BOOK, NEXT_BOOK_OF_GROUP = 25.0, 11.0
DRIVES_UP = {"car": 25.0, "motorcycle": 12.0}
BEHIND_CARS = 15.0  # added for a motorcycle that comes out of a line of cars


@dataclass(frozen=True)
class Vehicle:
    """One vehicle and what will happen to it. `pickups` has the number of books for each of its codes."""

    number: int
    at: float
    kind: str
    pickups: tuple[int, ...]
    collector: str
    priority: str | None
    is_seen_late: bool
    first_code: str | None
    event: str | None
    misses_call: bool
    comes_back_after: float | None
    leaves_after: float | None
    reports_before: float | None
    reports_arrival: bool
    has_phone: bool
    plate: str | None
    mistypes: bool
    service: float
    drives_up: float
    exceptions: frozenset[str] = frozenset()

    @property
    def books(self) -> int:
        return sum(self.pickups)


def vehicles(options: Options) -> list[Vehicle]:
    """All vehicles in the order of arrival."""
    seed, is_mixed = options.seed, not options.is_separate
    random = Random(f"{seed}:arrivals")  # noqa: S311 - repeatable, not secret
    return [
        _with_exceptions(_vehicle(Random(f"{seed}:{number}"), number, at, is_mixed), options)  # noqa: S311
        for number, at in enumerate(arrivals(random, options.minutes * MINUTE, options.vehicles_per_hour), 1)
    ]


def _with_exceptions(vehicle: Vehicle, options: Options) -> Vehicle:
    """The same vehicle with its exceptions. Each is drawn by itself: another share of one changes no other."""
    drawn = {
        name
        for name, share in options.shares.items()
        if Random(f"{options.seed}:{vehicle.number}:{name}").random() < share  # noqa: S311
    }
    found = replace(vehicle, exceptions=frozenset(drawn))
    if "neighbour" not in drawn:
        return found
    return replace(found, pickups=(*vehicle.pickups, 1), service=vehicle.service + NEXT_BOOK)


def arrivals(random: Random, seconds: float, per_hour: int) -> Iterator[float]:
    """A Poisson process with a rate that changes, by thinning (Lewis and Shedler 1979)."""
    at = 0.0
    while (at := at + random.expovariate(per_hour / 3600)) < seconds:
        if random.random() < share_of_peak(at, seconds):
            yield at


def share_of_peak(at: float, seconds: float) -> float:
    """Rises to the full rate, holds it for the busiest hour (half of a shorter run) in the middle, and falls again."""
    slope = (seconds - min(PEAK_SECONDS, seconds / 2)) / 2
    edge = min(at, seconds - at)
    return min(1.0, QUIET + (1 - QUIET) * edge / slope)


def _vehicle(random: Random, number: int, at: float, is_mixed: bool) -> Vehicle:
    kind = "motorcycle" if random.random() < MOTORCYCLES else "car"
    pickups, collector = _pickups(random, kind)
    misses_call = random.random() < NO_SHOWS
    comes_back = misses_call and random.random() < COME_BACK
    return Vehicle(
        number=number,
        at=at,
        kind=kind,
        pickups=pickups,
        collector=collector,
        priority=_drawn(random, PRIORITY),
        is_seen_late=random.random() < SEEN_LATE,
        first_code=_drawn(random, FIRST_CODES),
        event=None if misses_call else _drawn(random, EVENTS),
        misses_call=misses_call,
        comes_back_after=random.uniform(5, 15) * MINUTE if comes_back else None,
        leaves_after=random.uniform(3, 20) * MINUTE if random.random() < LEAVES else None,
        reports_before=random.uniform(10, 40) * MINUTE if random.random() < REPORTS else None,
        reports_arrival=random.random() < REPORTS_ARRIVAL,
        has_phone=random.random() < HAS_PHONE,
        plate=_plate(random) if random.random() < HAS_PLATE else None,
        mistypes=random.random() < TYPING_MISS,
        service=_service(random, kind, sum(pickups), collector),
        drives_up=DRIVES_UP[kind] * random.uniform(0.6, 1.6) + BEHIND_CARS * (is_mixed and kind == "motorcycle"),
    )


def _pickups(random: Random, kind: str) -> tuple[tuple[int, ...], str]:
    luck = random.random()
    if kind == "car" and luck < GROUPS:
        size = min(LARGEST_GROUP, 8 + round(random.lognormvariate(2.4, 0.7)))
        first = random.randint(2, size - 2)
        return ((size,) if random.random() < 0.5 else (first, size - first)), "proxy"
    if luck < GROUPS + FAMILIES:
        size = random.randint(2, 6 if kind == "car" else 3)
        return ((size,) if size < 3 or random.random() > SECOND_CODE else (size - 1, 1)), "family"
    return (1,), random.choices(("self", "family", "proxy"), (80, 12, 8))[0]


def _service(random: Random, kind: str, books: int, collector: str) -> float:
    each = NEXT_BOOK_OF_GROUP if books > 7 and collector == "proxy" else NEXT_BOOK
    return SERVICE_MEDIAN[kind] * random.lognormvariate(0, SERVICE_SPREAD) + each * (books - 1)


def _drawn(random: Random, shares: dict[str, float]) -> str | None:
    luck = random.random()
    for name, share in shares.items():
        if (luck := luck - share) < 0:
            return name
    return None


def _plate(random: Random) -> str:
    letters = "".join(random.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=2))
    return f"BG {random.randint(1000, 9999)} {letters}"
