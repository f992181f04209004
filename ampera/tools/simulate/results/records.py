"""The records of a morning as plain rows: from the database, the screens and the answers of the server."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class VisitRow:
    """One visit as it ended. `place` is its last place in the queue, `is_booked`: it came with a booking."""

    id: int
    day: str
    queue_no: str
    kind: str
    site: str
    state: str
    priority: str | None
    place: float
    opened_at: datetime
    served_at: datetime | None
    ended_at: datetime | None
    is_booked: bool = False
    parked_s: int = 0
    is_parked: bool = False


@dataclass(frozen=True)
class Event:
    """One audit row about a visit; `seq` is the order of the events."""

    seq: int
    at: datetime
    action: str
    visit_id: int
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CallRow:
    """One call. A screen announces it from `shows_at` to `ends_at`, unless it was cancelled before.

    `answered_at` is when the officer had the answer; from then on the call was certainly in the database.
    """

    id: int
    visit_id: int
    lane: int
    site: str
    at: datetime
    shows_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    answered_at: datetime


@dataclass(frozen=True)
class SupervisorCallRow:
    """One call for a supervisor; `ended_how` is None while it is open, `decided_by` until a supervisor has decided."""

    id: int
    visit_id: int
    at: datetime
    ended_how: str | None
    decided_by: int | None = None
    decision: str | None = None


@dataclass(frozen=True)
class HandoverRow:
    """One book that was handed over; `is_void` when a supervisor voided the record.

    `key` is that of the form. Books of one form and one `holder` are of one person. `is_named`: the collector has the
    name of the book's holder.
    """

    id: int
    passport_id: int
    visit_id: int
    is_void: bool
    key: str = ""
    collector: str = "proxy"
    holder: int = 1
    is_named: bool = True
    is_unsigned: bool = False


@dataclass(frozen=True)
class ChangeRow:
    """One logged change of the order."""

    visit_id: int
    at: datetime
    kind: str
    reason: str


@dataclass(frozen=True)
class ScreenLog:
    """One screen: the calls that it announced, the calls that it announced again, and its news.

    `news_at` has the moments of its states, as the server wrote them, in their order.
    """

    name: str
    lane: int | None
    calls: frozenset[int]
    again: tuple[int, ...]
    news_at: tuple[datetime, ...]


@dataclass(frozen=True)
class Compared:
    """A screen's state beside the database's at the same revision; `differing` names the fields."""

    screen: str
    when: str
    is_same: bool
    differing: str = ""


@dataclass(frozen=True)
class Records:
    """All records. `speed` is the speed of the server's clock."""

    speed: float = 1.0
    visits: tuple[VisitRow, ...] = ()
    events: tuple[Event, ...] = ()
    calls: tuple[CallRow, ...] = ()
    supervisor_calls: tuple[SupervisorCallRow, ...] = ()
    handovers: tuple[HandoverRow, ...] = ()
    collected: frozenset[int] = frozenset()
    acknowledged: tuple[int, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    looked_up: frozenset[int] = frozenset()  # visits of vehicles that showed no code for some of their books
    screens: tuple[ScreenLog, ...] = ()
    compared: tuple[Compared, ...] = ()
    lanes: dict[int, str] = field(default_factory=dict)  # number -> kind
    failed: tuple[str, ...] = ()
    closed_at: datetime | None = None  # when the lanes closed although vehicles were still there
    chain: str = ""  # why the proof of the history failed
