"""The open sockets by client, and what each client may have: numbers are here, in one place.

A *guest* is one Engine.IO socket. It is *known* when its client is signed in or an enrolled screen. In an office one
address is shared by tablets, screens and applicants' phones, so only guests that are not known are counted by address.
"""

import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ampera.live import packets
from ampera.live.packets import Passage
from ampera.web.rates import TURNED_AWAY, Bucket, Buckets

if TYPE_CHECKING:
    from ampera.live.websocket import Websocket

NAMESPACE_WITHIN = 5.0  # seconds, else the socket is closed
WAITING = 200  # guests of one address that are not known and have no namespace; one more replaces the oldest
PUBLIC = 500  # guests of one address that listen without an account: phones behind one network
PUBLIC_IN_ALL = 2_000
WAITING_IN_ALL = 500
KNOWN = 200  # guests of one account or screen
PER_ROOM = 40  # public guests of one room: one applicant's link
MESSAGES = (20.0, 60.0)  # a second, and at once, of one socket
OPENINGS = (20.0, 300.0)  # handshakes of one address that are not known
FLOOD_FINE = 10.0  # handshakes that a flood costs its address
LONGEST_QUEUE = 64  # packets that wait for a client which does not read


@dataclass(eq=False)
class Guest:
    """One socket. `hang_up` cuts its connection, whatever its client does. `waiting` are the states in its queue."""

    address: str
    is_known: bool
    openings: Bucket
    opened_at: float
    idle_since: float  # the time since which it has no namespace
    bucket: Bucket = field(default_factory=lambda: Bucket(*MESSAGES))
    rooms: dict[str, Hashable] = field(default_factory=dict)  # by namespace
    polls: int = 0
    is_flooding: bool = False
    hang_up: Callable[[], None] = lambda: None
    websocket: "Websocket | None" = None
    waiting: dict[str, Any] = field(default_factory=dict)  # by namespace

    def may_send(self, tokens: float = 1.0) -> bool:
        """Take tokens for what it sent. The first refusal also costs its address some handshakes."""
        if not self.is_flooding and not self.bucket.take(tokens):
            self.is_flooding = True
            TURNED_AWAY.labels("floods").inc()
            if not self.is_known:
                self.openings.fine(FLOOD_FINE)
        return not self.is_flooding

    def judge(self, packet: object, namespaces: frozenset[str]) -> Passage:
        passage = packets.judge(packet, namespaces)
        if passage is Passage.CLOSE:
            self.may_send(self.bucket.burst + 1)
            return passage
        is_paid = self.may_send(packets.cost(packet) if isinstance(packet, str) else 1.0)
        return passage if is_paid else Passage.CLOSE


class Guests:
    """All guests of this process, by the id of their Engine.IO socket."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.of: dict[str, Guest] = {}
        self.openings = Buckets(*OPENINGS)

    def invite(self, address: str, is_known: bool) -> Guest | None:
        """A guest for a new socket; None when its address has opened too many."""
        openings = self.openings[address]
        if not is_known and not openings.take():
            TURNED_AWAY.labels("sockets").inc()
            return None
        now = self.now()
        return Guest(address, is_known, openings, now, now)

    def enter(self, sid: str, guest: Guest) -> Guest | None:
        """The guest's socket exists now. Gives the guest that must leave for it, if any."""
        self.of[sid] = guest
        waiting = [other for other in self.of.values() if _waits(other)]
        here = [other for other in waiting if other.address == guest.address]
        if len(here) > WAITING:
            return here[0]
        return waiting[0] if len(waiting) > WAITING_IN_ALL else None

    def leave(self, sid: str) -> None:
        self.of.pop(sid, None)

    def admit(self, guest: Guest, namespace: str, room: Hashable, account: Hashable) -> bool:
        """Whether the guest may listen. With an `account` (None for public rooms) it is known from now on."""
        guest.is_known = guest.is_known or account is not None
        listening = [(other, name) for other in self.of.values() for name in other.rooms]
        if account is not None:
            is_full = sum((account, namespace) == (other.rooms[name], name) for other, name in listening) >= KNOWN
        else:
            public = [pair for pair in listening if not pair[0].is_known]
            is_full = (
                len(public) >= PUBLIC_IN_ALL
                or sum(other.address == guest.address for other, _ in public) >= PUBLIC
                or sum((room, namespace) == (other.rooms[name], name) for other, name in public) >= PER_ROOM
            )
        if is_full:
            TURNED_AWAY.labels("listeners").inc()
            return False
        guest.rooms[namespace] = room if account is None else account
        return True

    def withdraw(self, guest: Guest, namespace: str) -> None:
        """The guest has left this namespace."""
        if guest.rooms.pop(namespace, None) is not None and not guest.rooms:
            guest.idle_since = self.now()

    def overdue(self) -> Iterator[str]:
        """The sockets that had no namespace for too long."""
        latest = self.now() - NAMESPACE_WITHIN
        return iter([sid for sid, guest in self.of.items() if not guest.rooms and guest.idle_since <= latest])


def _waits(guest: Guest) -> bool:
    return not guest.is_known and not guest.rooms
