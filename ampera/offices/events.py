"""Events about offices."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class OfficeChanged:
    """Lanes, hours, message or options of the office changed; every page and screen of it must be read again.

    During the transaction the bookings slice adds to `vehicles_off` the number of bookings that lose their slot.
    """

    office_id: int
    vehicles_off: list[int] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class TimezoneChanging:
    """The office is about to change its zone. During the transaction other slices add what depends on the old one."""

    office_id: int
    in_use_by: list[str] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class DeadlinesChanged:
    """The office changed an option that moves collection deadlines. `before` are all its previous options."""

    office_id: int
    before: dict[str, Any]
