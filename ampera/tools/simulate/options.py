"""The options of a simulation, and the lanes and windows that follow from them."""

import json
from dataclasses import asdict, dataclass, field, replace
from math import ceil

MINUTES_A_VEHICLE = 4.6  # of a window, with calling and driving up; sizes the default number of windows
SPARE = 1.2  # windows for each window that is needed
VEHICLES_A_LANE = 60  # in the busiest hour, for the default number of lanes
MOTORCYCLE_SHARE = 0.4  # of the windows when motorcycles have a lane of their own: as many vehicles, but quicker

VEHICLES_A_SUPERVISOR = 60  # in the busiest hour
# The default share of the vehicles with each exception. A vehicle may have several.
EXCEPTIONS = {
    "no-code": 0.03,  # the phone is dead: its books are found by application number and birth date
    "neighbour": 0.03,  # it brings one more code, for the book of somebody else, with a letter of proxy
    "overdue": 0.03,  # a book is after its deadline; a supervisor may let it go today
    "locked": 0.02,  # wrong identities lock a book; a supervisor may unlock it
    "unsigned": 0.01,  # the collector cannot sign; a supervisor may allow that
    "help": 0.01,  # a supervisor is called, and has nothing to allow
    "park": 0.03,  # it waits at the side while its people look for a paper
}


@dataclass(frozen=True)
class Options:
    """One run. `database` is `sqlite` or the URL of an empty PostgreSQL database; 0 means: as many as needed."""

    minutes: int = 240
    speed: float = 60.0
    seed: int = 1
    vehicles_per_hour: int = 60
    layout: str = "mixed"
    lanes: int = 0
    windows: int = 0
    officers: int = 0
    clerks: int = 0
    supervisors: int = 0
    phones: int = 100
    tablets: int = 4
    database: str = "sqlite"
    shares: dict[str, float] = field(default_factory=lambda: dict(EXCEPTIONS))

    @classmethod
    def parse(cls, text: str) -> "Options":
        return cls(**json.loads(text))

    def dump(self) -> str:
        return json.dumps(asdict(self))

    def complete(self) -> "Options":
        """The options with all numbers: windows for the peak, an officer for each, clerks for the books."""
        lanes = max(self.lanes or max(2, round(self.vehicles_per_hour / VEHICLES_A_LANE)), 1 + self.is_separate)
        needed = self.vehicles_per_hour * MINUTES_A_VEHICLE / 60 * SPARE
        windows = self.windows or max(1, ceil(needed / lanes))
        return replace(
            self,
            lanes=lanes,
            windows=windows,
            officers=self.officers or lanes * windows + max(1, lanes * windows // 6),
            clerks=self.clerks or max(2, ceil(self.vehicles_per_hour / 30)),
            supervisors=self.supervisors or max(2, ceil(self.vehicles_per_hour / VEHICLES_A_SUPERVISOR)),
        )

    @property
    def is_separate(self) -> bool:
        return self.layout == "separate"


@dataclass(frozen=True)
class LanePlan:
    """One lane of the simulated office: which vehicles it takes, and how many windows serve in it."""

    number: int
    kind: str
    windows: int


def lanes_of(options: Options) -> list[LanePlan]:
    """All lanes mixed, or the same number of windows with one lane for motorcycles."""
    if not options.is_separate:
        return [LanePlan(number, "mixed", options.windows) for number in range(1, options.lanes + 1)]
    total = options.lanes * options.windows
    motorcycles = max(1, round(total * MOTORCYCLE_SHARE)) if total > 1 else 1
    cars, lanes = max(1, total - motorcycles), options.lanes - 1
    shares = [cars // lanes + (number < cars % lanes) for number in range(lanes)]
    found = [LanePlan(number, "car", windows) for number, windows in enumerate(shares, 1) if windows]
    return [*found, LanePlan(options.lanes, "motorcycle", motorcycles)]
