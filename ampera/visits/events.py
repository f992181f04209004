"""What happened to a visit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VisitChanged:
    """A visit was opened, joined, moved, claimed or ended: whoever shows it must look again."""

    office_id: int
    visit_id: int
    pickup_ids: tuple[int, ...]


@dataclass(frozen=True)
class Scanned:
    """A code was scanned and judged."""

    office_id: int
    verdict: str
