"""What happened to an office."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class OfficeChanged:
    """Its lanes, hours, message or options changed: whoever shows them must look again.

    During the transaction whoever keeps booked windows adds to `vehicles_off` how many vehicles lose theirs by it.
    """

    office_id: int
    vehicles_off: list[int] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class DeadlinesChanged:
    """The office counts the time to collect differently. `before` are all its options as they were."""

    office_id: int
    before: dict[str, Any]
