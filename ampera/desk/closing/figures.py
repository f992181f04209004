"""The figures of a closing sheet, and how a closed day keeps them."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from ampera import clock
from ampera.reports.statistics.queries import Span


@dataclass(frozen=True)
class Rack:
    """A rack at the end of the day. `missing` are the books that its last check did not find; None without a check."""

    name: str
    books: int
    checked_at: datetime | None
    missing: int | None


@dataclass(frozen=True)
class DayFigures:
    """What happened on one day, and what was left on the shelves at that moment.

    `handed_over` counts all records of the day, `voided` the voids that were made on it, of records of any day.
    `first_number` and `last_number` are of the register; None without a record.
    """

    intake: int
    handed_over: int
    first_number: int | None
    last_number: int | None
    voided: int
    without_code: int
    unsigned: int
    classes: dict[str, int]
    visits: dict[str, int]
    wait: Span
    service: Span
    whole: Span
    scans: int
    refused: int
    order_changes: int
    supervisor_calls: int
    on_shelf: int
    overdue: int
    not_found: int
    racks: list[Rack] = field(default_factory=list)

    @property
    def vehicles(self) -> int:
        return sum(self.visits.values())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was recorded on this day."""
        return not (self.vehicles or self.handed_over or self.voided or self.intake)


def written(figures: DayFigures) -> str:
    """As a closed day keeps them."""
    return json.dumps(asdict(figures), default=clock.iso, sort_keys=True)


def read(text: str) -> DayFigures:
    """What `written` made."""
    found = json.loads(text)
    racks = [
        Rack(**{**rack, "checked_at": datetime.fromisoformat(rack["checked_at"]) if rack["checked_at"] else None})
        for rack in found.pop("racks")
    ]
    found |= {name: Span(**found[name]) for name in ("wait", "service", "whole")}
    return DayFigures(**found, racks=racks)
