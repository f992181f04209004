"""What happened to an office."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OfficeChanged:
    """Its lanes, hours, message or options changed: whoever shows them must look again."""

    office_id: int


@dataclass(frozen=True)
class DeadlinesChanged:
    """The office counts the time to collect differently. `before` are all its options as they were."""

    office_id: int
    before: dict[str, Any]
