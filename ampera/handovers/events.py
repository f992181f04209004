"""What happened to the register."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class HandedOver:
    """Books of one collector were recorded. `books` maps each pickup to how many of its books went out."""

    office_id: int
    visit_id: int
    at: datetime
    collector_class: str
    books: dict[int, int]
    passport_ids: tuple[int, ...]


@dataclass(frozen=True)
class HandoverVoided:
    """A record was voided: the book is on a shelf again and its pickup has a new code."""

    office_id: int
    pickup_id: int
    passport_id: int
