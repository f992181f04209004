"""What happened to a visit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VisitChanged:
    """A visit was opened, joined, moved, claimed or ended: everything that shows the visit must be read again."""

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
    """Clerks moved books between shelf and window: lists and tablets that show the books must be read again."""

    office_id: int
    visit_ids: tuple[int, ...]
    pickup_ids: tuple[int, ...]


@dataclass(frozen=True)
class ArrivalChanged:
    """An applicant reported being on the way or on site, or withdrew the report."""

    office_id: int
    pickup_id: int


@dataclass(frozen=True)
class SupervisorCallChanged:
    """A supervisor was called to a vehicle, took the call or decided, or the officer withdrew the call."""

    office_id: int
    visit_id: int
