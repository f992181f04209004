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


@dataclass(frozen=True)
class BooksPicked:
    """Clerks moved books between shelf and window: lists and tablets that name them must look again."""

    office_id: int
    visit_ids: tuple[int, ...]
    pickup_ids: tuple[int, ...]


@dataclass(frozen=True)
class ArrivalChanged:
    """An applicant said that they are on the way or here, or took it back: their books are needed early, or no more."""

    office_id: int
    pickup_id: int
