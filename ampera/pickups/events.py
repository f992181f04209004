"""Events of pickups, and the request of a later slice for a new code within a running transaction."""

from dataclasses import dataclass

from ampera.audit import Actor


@dataclass(frozen=True)
class PickupsIssued:
    """New books have a code, so their applicants can be notified."""

    office_id: int
    pickup_ids: tuple[int, ...]


@dataclass(frozen=True)
class PickupChanged:
    """A code was replaced or revoked, a lock was opened, or a collector was announced: pages reload the pickup."""

    office_id: int
    pickup_id: int


@dataclass(frozen=True)
class BookCameBack:
    """A handed-over book is back on its shelf. The pickup gets a new code in the same transaction."""

    actor: Actor
    pickup_id: int
    reason: str


@dataclass(frozen=True)
class CodeReissued:
    """A pickup has a new code and link. The earlier code and link are revoked."""

    office_id: int
    pickup_id: int
    generation: int
