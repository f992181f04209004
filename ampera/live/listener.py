"""What may be listened to, and a namespace as its sockets see it: they join a room by a verified right."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import request
from flask_socketio import ConnectionRefusedError, Namespace, emit, join_room
from sqlalchemy.orm import Session

from ampera.audit import Actor
from ampera.live.door import Door
from ampera.live.guests import Guest
from ampera.live.packets import EVENTS

if TYPE_CHECKING:
    from ampera.live.pump import Pump


BEATS = range(2, 16)  # seconds between two states that a client may ask for; without a wish it hears the shortest


@dataclass(frozen=True)
class Ticket:
    """The right to listen to one room of an office.

    An `actor` is checked again while the socket is open; None means public. `beat` is the longest silence, in seconds,
    that this client takes for health.
    """

    room: str
    actor: Actor | None
    office_id: int
    beat: int = BEATS[0]


@dataclass(frozen=True)
class Feed:
    """One namespace: who may listen to which room, and what its state is.

    `admit(auth)` runs in the connecting request and returns a Ticket or None; `state(session, room)` gives the state
    or None when nobody may listen any longer, or `states(session, rooms)` those of many rooms of one office at once.
    `refresh(room, state)` gives the kept state with what changes without the database. `seen(ticket, revision)`
    receives the revision that a screen shows. With `beats=False` the state does not age: it is sent when it changes.
    With `is_crowded=True` the clients of a room may share a first state that is up to KEPT_FOR old; the first state of
    all others is read from the database.
    """

    namespace: str
    admit: Callable[[dict[str, Any]], Ticket | None]
    state: Callable[[Session, str], dict[str, Any] | None] | None = None
    states: Callable[[Session, list[str]], dict[str, dict[str, Any] | None]] | None = None
    refresh: Callable[[str, dict[str, Any]], dict[str, Any]] | None = None
    seen: Callable[[Ticket, int], None] | None = None
    beats: bool = True
    is_crowded: bool = False

    def read(self, session: Session, rooms: list[str]) -> dict[str, dict[str, Any] | None]:
        """The states of these rooms of one office."""
        if self.states:
            return self.states(session, rooms)
        return {room: self.state(session, room) if self.state else None for room in rooms}


class Listener(Namespace):
    """Connect, acknowledge, leave: a client can send nothing else."""

    def __init__(self, feed: Feed, pump: "Pump", door: Door) -> None:
        super().__init__(feed.namespace)
        self.feed, self.pump, self.door = feed, pump, door

    def trigger_event(self, event: Any, *args: Any) -> Any:
        """The library calls `connect` and `disconnect` itself, while the socket is not connected. A client may not."""
        is_own = event in ("connect", "disconnect")
        if event not in ("connect", "disconnect", *EVENTS):
            return None
        if is_own and self.socketio.server.manager.is_connected(args[0], self.namespace):
            return None
        return super().trigger_event(event, *args)

    def on_connect(self, auth: object = None) -> None:
        wishes = auth if isinstance(auth, dict) else {}
        ticket = self.feed.admit(wishes)
        if ticket is None:
            raise ConnectionRefusedError("forbidden")
        ticket = replace(ticket, beat=_beat(wishes))
        guest = self._guest()
        if guest and not self.door.guests.admit(guest, self.namespace, ticket.room, account_of(ticket.actor)):
            raise ConnectionRefusedError("too_many")
        self.pump.start()
        key = self.namespace, request.sid  # type: ignore[attr-defined]
        self.pump.tickets[key] = ticket  # before the snapshot is read, so that no news is missed in between
        join_room(ticket.room)
        try:
            state = self.pump.snapshot(self.namespace, ticket)
        except Exception:
            self._forget()
            raise ConnectionRefusedError("unavailable") from None
        if state is not None:
            emit(self.namespace[1:], state)

    def on_seen(self, revision: object = None) -> None:
        ticket = self.pump.tickets.get((self.namespace, request.sid))  # type: ignore[attr-defined]
        if ticket and self.feed.seen and isinstance(revision, int) and not isinstance(revision, bool):
            self.feed.seen(ticket, revision)

    def on_disconnect(self, *_reason: object) -> None:
        self._forget()

    def _guest(self) -> Guest | None:
        sid = request.sid  # type: ignore[attr-defined]
        return self.door.guest_of(self.socketio.server.manager.eio_sid_from_sid(sid, self.namespace))

    def _forget(self) -> None:
        self.pump.tickets.pop((self.namespace, request.sid), None)  # type: ignore[attr-defined]
        if guest := self._guest():
            self.door.guests.withdraw(guest, self.namespace)


def _beat(wishes: dict[str, Any]) -> int:
    beat = wishes.get("beat")
    return beat if isinstance(beat, int) and beat in BEATS else BEATS[0]


def account_of(actor: Actor | None) -> str | None:
    """The account, key or screen whose sockets are counted together; None for the public."""
    return f"{actor.kind}:{actor.staff_id or actor.device_id}" if actor else None
