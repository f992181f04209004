"""Events of bookings. `sequence` counts the moves of one booking, as calendar programs expect (RFC 5546)."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class BookingMade:
    """A pickup has a place in the slot that begins at `starts_at`, for a vehicle of this kind."""

    office_id: int
    pickup_id: int
    starts_at: datetime
    kind: str
    sequence: int


@dataclass(frozen=True)
class BookingMoved:
    """A booking was moved to the slot that begins at `starts_at`, or to another kind of vehicle."""

    office_id: int
    pickup_id: int
    starts_at: datetime
    kind: str
    sequence: int


@dataclass(frozen=True)
class BookingReturned:
    """A place is free again: the applicant returned the booking, or its books can no longer be collected."""

    office_id: int
    pickup_id: int
    starts_at: datetime
    kind: str
    sequence: int


@dataclass(frozen=True)
class BookedSlot:
    """The slot that a pickup has booked, at this `sequence` of its moves."""

    pickup_id: int
    starts_at: datetime
    sequence: int


@dataclass(frozen=True)
class SlotsClosed:
    """Since a change at `since` the office does not serve these booked slots. The bookings are kept."""

    office_id: int
    since: datetime
    slots: tuple[BookedSlot, ...]


@dataclass(frozen=True)
class SlotsReopened:
    """The office serves these booked slots again. Each comes with the moment at which it was closed."""

    office_id: int
    slots: tuple[tuple[BookedSlot, datetime], ...]


@dataclass(frozen=True)
class BookingRequested:
    """A place is requested. During the transaction a subscriber refuses by adding an error code to `objections`."""

    office_id: int
    pickup_id: int
    objections: list[str] = field(default_factory=list)
