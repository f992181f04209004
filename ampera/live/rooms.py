"""The rooms of one process: the state that each was read with last, and when a room must be read or sent again.

A state is read again when its room is named in news, when the *mark* of its office has moved, and in each new minute:
opening hours, slots and quiet hours begin and end there. A state that changes at another moment plans that moment.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from ampera import clock
from ampera.live.listener import Ticket

HEARTBEAT = 2.0  # seconds; a screen shows the age of its news after 5
SHORT = 20_000  # characters of a state
LENGTH_A_SECOND = 500_000  # characters of a longer one: what a tablet's line and half a core of its server can do
Room = tuple[str, str]  # its namespace and its path
State = dict[str, Any]
Mark = tuple[int, ...]  # grows with every change of an office; equal marks, equal states
Marks = Callable[[Session, int | None], dict[int, Mark]]  # of one office, or of all


class Place(NamedTuple):
    """What the tickets of a room say about it. `beat` is that of its most impatient listener, in seconds."""

    office_id: int
    beat: float


@dataclass
class Kept:
    """A state as it was read. `mark` is None when it must not be trusted; `news` counts what had been announced."""

    state: State | None
    mark: Mark | None
    minute: int
    news: int
    checked_at: float  # by the monotonic clock, as all moments here
    sent_at: float
    length: int = 0  # of what was sent


class Rooms:
    """The rooms with a listener, and their newest states."""

    def __init__(self) -> None:
        self.tickets: dict[Room, Ticket] = {}  # by namespace and socket
        self.kept: dict[Room, Kept] = {}
        self.news = 0

    def places(self) -> dict[Room, Place]:
        found: dict[Room, Place] = {}
        for (namespace, _), ticket in list(self.tickets.items()):
            room = namespace, ticket.room
            place = found.get(room)
            if place is None or ticket.beat < place.beat:
                found[room] = Place(ticket.office_id, ticket.beat)
        return found

    def keep(self, room: Room, state: State | None, mark: Mark | None, news: int) -> bool | None:
        """Keep what was read; whether it says something else than the state before. None: another read was later."""
        before, now = self.kept.get(room), time.monotonic()
        if before and before.mark and mark and before.mark > mark:
            return None
        sent_at, length = (before.sent_at, before.length) if before else (now, 0)
        self.kept[room] = Kept(state, mark, minute(), news, now, sent_at, length)
        return before is None or _content(before.state) != _content(state)

    def note_sent(self, room: Room, length: int) -> None:
        if kept := self.kept.get(room):
            kept.sent_at, kept.length = time.monotonic(), length

    def rests_until(self, room: Room) -> float:
        """The moment from which news of a room may be sent. A short state does not rest."""
        kept = self.kept.get(room)
        return kept.sent_at + kept.length / LENGTH_A_SECOND if kept and kept.length > SHORT else 0.0

    def distrust(self, rooms: Iterable[Room]) -> None:
        """Read these again at the next heartbeat, because the database did not answer."""
        for room in rooms:
            if kept := self.kept.get(room):
                kept.mark = None

    def forget_all_but(self, places: Iterable[Room]) -> None:
        self.kept = {room: self.kept[room] for room in places if room in self.kept}

    def check(self, places: dict[Room, Place], marks: dict[int, Mark], news: int) -> set[Room]:
        """The rooms that must be read again. For all others the database has no change.

        `news` is what had been announced when the marks were read.
        """
        now, stale = time.monotonic(), set()
        for room, place in places.items():
            kept = self.kept.get(room)
            if kept and kept.mark and kept.mark == marks.get(place.office_id):
                kept.checked_at, kept.news = now, news
            else:
                stale.add(room)
        return stale

    def aged(self, places: Iterable[Room]) -> list[Room]:
        """The rooms that were read in an earlier minute."""
        at = minute()
        return [room for room in places if (kept := self.kept.get(room)) and kept.minute != at]

    def is_due(self, room: Room, place: Place, now: float) -> bool:
        """Whether the heartbeat of this moment is one of the room's own."""
        kept = self.kept.get(room)
        return kept is None or now - kept.sent_at > place.beat - HEARTBEAT

    def shared(self, room: Room, seconds: float) -> Kept | None:
        """What was read or checked within the last seconds, if there was no news since."""
        kept = self.kept.get(room)
        is_new = kept and kept.news == self.news and time.monotonic() - kept.checked_at < seconds
        return kept if is_new else None


def by_office(rooms: Iterable[Room], places: dict[Room, Place]) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """Each office with the paths of its rooms by namespace."""
    offices: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for room in rooms:
        if place := places.get(room):
            offices[place.office_id][room[0]].append(room[1])
    return iter(offices.items())


def minute() -> int:
    """The present minute of the clock."""
    return int(clock.now().timestamp() // 60)


def _content(state: State | None) -> State | None:
    """What a page would draw: without the numbers that grow when something else changes."""
    return state and {name: value for name, value in state.items() if name not in ("revision", "at")}
