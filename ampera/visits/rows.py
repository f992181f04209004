"""The rows that the lane works with. Each is read whole by one statement (`queries.py`) and never changed."""

from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

Options = dict[str, Any]  # of an office: JSON, read by `offices.options.defaults.option`


class VisitRow(NamedTuple):
    """A visit as it is at one moment, with the names that its card shows and the options of its office.

    A visit that this transaction has just opened is made from its known values and is not read again.
    """

    id: int
    office_id: int
    day: date
    queue_no: str
    kind: str
    state: str
    opened_at: datetime
    since: datetime
    options: Options
    timezone: str
    lane_id: int | None = None
    lane_number: int | None = None
    site: str = ""
    window: int | None = None
    plate: str | None = None
    look: str | None = None
    priority: str | None = None
    place: float | None = None
    booked_for: datetime | None = None
    called_at: datetime | None = None
    calls: int = 0
    books_out: int = 0
    served_at: datetime | None = None
    ended_at: datetime | None = None
    officer: str | None = None
    claim_staff_id: int | None = None
    claim_lane_id: int | None = None
    claim_lane_number: int | None = None
    claim_since: datetime | None = None
    claim_until: datetime | None = None
    parked_at: datetime | None = None
    parked_s: int = 0
    undo: dict[str, Any] | None = None
    undo_by_id: int | None = None
    undo_until: datetime | None = None


class QueueRow(NamedTuple):
    """A visit as lists show it: without its claim and its office, which a list of a hundred rows need not repeat."""

    id: int
    lane_id: int | None
    lane_number: int | None
    site: str
    window: int | None
    queue_no: str
    kind: str
    state: str
    since: datetime
    plate: str | None
    look: str | None
    priority: str | None
    booked_for: datetime | None
    parked_at: datetime | None
    undo_by_id: int | None
    undo_until: datetime | None


class LaneRow(NamedTuple):
    """A lane that a vehicle is moved to, with its office's options. `lanes_of_site` counts the lanes of its site."""

    id: int
    number: int
    kind: str
    is_open: bool
    site: str
    windows: int
    lanes_of_site: int
    options: Options
    timezone: str


class BookRow(NamedTuple):
    """A book of a visit or a pickup, where it is now, and who was announced to collect it.

    `found_by` is how its pickup came into the visit; None outside a visit.
    """

    id: int
    pickup_id: int
    holder_name: str
    state: str
    shelf: str
    kind: str
    issued_on: date
    late_until: date | None
    collected_at: datetime | None
    collected_lane: int | None
    collected_by: str | None
    nik: str | None
    name_key: str
    birth_date: date
    document_no: str | None
    locked_at: datetime | None
    correcting: bool
    pick: str | None
    pick_lane: int | None
    announced_class: str | None
    announced_name: str | None
    announced_relation: str | None
    found_by: str | None = None


class Undoable(Protocol):
    """A row of a visit that shows whether its last move may be undone."""

    @property
    def undo_by_id(self) -> int | None: ...
    @property
    def undo_until(self) -> datetime | None: ...


class OfficeWithOptions(Protocol):
    """An office, as a mapped object or as a row."""

    @property
    def id(self) -> int: ...
    @property
    def timezone(self) -> str: ...
    @property
    def options(self) -> Options: ...


class BookState(Protocol):
    """What decides whether a book may be handed over."""

    @property
    def state(self) -> str: ...
    @property
    def issued_on(self) -> date: ...
    @property
    def late_until(self) -> date | None: ...
