"""What happened to the register."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class HandedOver:
    """Books that one collector took were recorded. `classes`: for each pickup, the class of each book."""

    office_id: int
    visit_id: int
    at: datetime
    classes: dict[int, list[str]]
    passport_ids: tuple[int, ...]


@dataclass(frozen=True)
class HandoverVoided:
    """A record was voided: the book is on a shelf again and its pickup has a new code."""

    office_id: int
    pickup_id: int
    passport_id: int
