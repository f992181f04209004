"""One namespace as its sockets see it: they join a room by a verified right, and report what they show."""

from typing import TYPE_CHECKING, Any

from flask import request
from flask_socketio import ConnectionRefusedError, Namespace, emit, join_room

from ampera.audit import Actor
from ampera.live.door import Door
from ampera.live.feeds import Feed
from ampera.live.guests import Guest
from ampera.live.packets import EVENTS

if TYPE_CHECKING:
    from ampera.realtime import Pump


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
        ticket = self.feed.admit(auth if isinstance(auth, dict) else {})
        if ticket is None:
            raise ConnectionRefusedError("forbidden")
        guest = self._guest()
        if guest and not self.door.guests.admit(guest, self.namespace, ticket.room, account_of(ticket.actor)):
            raise ConnectionRefusedError("too_many")
        self.pump.start()
        key = self.namespace, request.sid  # type: ignore[attr-defined]
        self.pump.tickets[key] = ticket  # before the snapshot is read, so that no news is missed in between
        join_room(ticket.room)
        try:
            state = self.pump.snapshot(self.namespace, ticket.room)
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


def account_of(actor: Actor | None) -> str | None:
    """The account, key or screen whose sockets are counted together; None for the public."""
    return f"{actor.kind}:{actor.staff_id or actor.device_id}" if actor else None
