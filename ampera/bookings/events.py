"""What happened to a booked window. `sequence` grows with every move of one booking, as calendars count them."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class BookingMade:
    """A pickup has a place in the window that begins at `starts_at`, for a vehicle of this kind."""

    office_id: int
    pickup_id: int
    starts_at: datetime
    kind: str
    sequence: int


@dataclass(frozen=True)
class BookingMoved:
    """The place is in another window now, or for another kind of vehicle."""

    office_id: int
    pickup_id: int
    starts_at: datetime
    kind: str
    sequence: int


@dataclass(frozen=True)
class BookingReturned:
    """The place in this window is free again: it was given back, or its books are not to be collected any more."""

    office_id: int
    pickup_id: int
    starts_at: datetime
    kind: str
    sequence: int


@dataclass(frozen=True)
class Window:
    """The window that a pickup has booked, at this `sequence` of its moves."""

    pickup_id: int
    starts_at: datetime
    sequence: int


@dataclass(frozen=True)
class WindowsOff:
    """The office does not serve these booked windows any more, since a change at `since`. The bookings stay."""

    office_id: int
    since: datetime
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class WindowsBack:
    """The office serves these booked windows again: each with the moment since when it had not."""

    office_id: int
    windows: tuple[tuple[Window, datetime], ...]


@dataclass(frozen=True)
class BookingAsked:
    """A place is asked for: during the transaction whoever knows a reason against it adds its code to `objections`."""

    office_id: int
    pickup_id: int
    objections: list[str] = field(default_factory=list)
