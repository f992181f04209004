"""What happened to pickups, and what a slice further right may ask for while its own transaction runs."""

from dataclasses import dataclass

from ampera.audit import Actor


@dataclass(frozen=True)
class PickupsIssued:
    """New books have a code: their applicants can be told."""

    office_id: int
    pickup_ids: tuple[int, ...]


@dataclass(frozen=True)
class PickupChanged:
    """A pickup's code was replaced or revoked, its lock was opened, or its collector announced: look again."""

    office_id: int
    pickup_id: int


@dataclass(frozen=True)
class BookCameBack:
    """A handed-over book is on its shelf again: its pickup gets a new code in the same transaction."""

    actor: Actor
    pickup_id: int
    reason: str


@dataclass(frozen=True)
class CodeReissued:
    """A pickup has a new code and link; those of before open nothing any more."""

    office_id: int
    pickup_id: int
    generation: int
