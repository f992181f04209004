"""Sends a state to a room: encoded once, and written straight into each socket whose client keeps up.

For a client that does not, the state waits in the queue of its socket, where a newer state of the same namespace
replaces it. This touches private names of Engine.IO; where one is missing, the library sends as it always does.
"""

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import engineio.socket
import structlog
from engineio.packet import MESSAGE, PING, Packet
from socketio import Manager
from socketio.packet import EVENT

from ampera.live.guests import Guest
from ampera.live.websocket import frame

NEEDED = ("closed", "closing", "last_ping", "queue", "schedule_ping", "upgraded")  # of a socket of Engine.IO
PINGS_AT_ONCE = 20
BREATH = 0.0005  # seconds between so many pings, for requests and timers

log = structlog.get_logger()


class WaitingState(Packet):
    """A state in the queue of one socket. It counts as waiting until it is encoded for that socket."""

    def __init__(self, text: str, waiting: dict[str, "WaitingState"], namespace: str) -> None:
        super().__init__(MESSAGE, text)
        self.waiting, self.namespace = waiting, namespace
        waiting[namespace] = self

    def encode(self, b64: bool = False) -> Any:
        self.waiting.pop(self.namespace, None)
        return super().encode(b64)


class Rest(Packet):
    """Lets the task of a socket write the rest of a frame that was begun."""

    def encode(self, b64: bool = False) -> Any:
        return ""


class Pings:
    """The pings of all sockets, in one task: Engine.IO sleeps in a task for each, which costs most of its memory."""

    def __init__(self, eio: Any) -> None:
        self.eio = eio
        self.planned: deque[tuple[float, Any]] = deque()
        self.is_running = False

    def plan(self, connection: Any) -> None:
        """What `schedule_ping` of the socket does: the next ping, unless one is on its way."""
        if not connection.last_ping:
            return
        connection.last_ping = None
        self.planned.append((time.monotonic() + self.eio.ping_interval, connection))
        if not self.is_running:
            self.is_running = True
            self.eio.start_background_task(self.run)

    def run(self) -> None:
        """Send what is due, as long as there are sockets."""
        count = 0
        while self.planned:
            left = self.planned[0][0] - time.monotonic()
            count += 1
            if left > 0 or count % PINGS_AT_ONCE == 0:
                self.eio.sleep(max(left, BREATH))
                continue
            self.ping(self.planned.popleft()[1])
        self.is_running = False

    def ping(self, connection: Any) -> None:
        if connection.closing or connection.closed:
            return
        connection.last_ping = time.time()
        try:
            connection.send(Packet(PING))
        except Exception as error:
            log.warning("a socket could not be pinged", kind=type(error).__name__)


class FanOut(Manager):
    """The manager of Socket.IO with another way for states. `guest_of` gives the guest of a socket of Engine.IO."""

    guest_of: Callable[[str], Guest | None]
    is_direct = False
    length = 0  # of the newest state, as text

    def check(self) -> None:
        """Whether this version of Engine.IO has what is needed here."""
        probe = engineio.socket.Socket(self.server.eio, "probe")
        missing = [name for name in NEEDED if not hasattr(probe, name)]
        missing += [name for name in ("empty", "put") if not hasattr(getattr(probe, "queue", None), name)]
        self.is_direct = not missing
        self.pings = Pings(self.server.eio)
        if missing:
            log.warning("states are sent the slow way: this version of Engine.IO is not known", missing=missing)

    def enter(self, eio_sid: str) -> None:
        """A socket of Engine.IO exists now: its pings are sent here."""
        connection = self.server.eio.sockets.get(eio_sid)
        if self.is_direct and connection is not None:
            connection.schedule_ping = partial(self.pings.plan, connection)

    def leave(self, eio_sid: str) -> None:
        if connection := self.server.eio.sockets.get(eio_sid):
            connection.__dict__.pop("schedule_ping", None)  # which refers to the socket itself

    def emit(self, event: str, data: Any, namespace: str, room: Any = None, **more: Any) -> None:
        room = more.pop("to", None) or room
        if not self.is_direct or not isinstance(data, dict) or any(more.get(name) for name in ("skip_sid", "callback")):
            super().emit(event, data, namespace, room=room, **more)
            return
        text = self.server.packet_class(EVENT, namespace=namespace, data=[event, data]).encode()
        state, self.length = _State(namespace, text), len(text)
        for _, eio_sid in self.get_participants(namespace, room):
            connection = self.server.eio.sockets.get(eio_sid)
            if connection is None:
                self.server._send_eio_packet(eio_sid, Packet(MESSAGE, text))  # the sockets of tests
            elif not connection.closed:
                self._send(state, connection, self.guest_of(eio_sid))

    def _send(self, state: "_State", connection: Any, guest: Guest | None) -> None:
        if guest is None:
            connection.send(Packet(MESSAGE, state.text))
            return
        websocket = guest.websocket
        if websocket and connection.upgraded and connection.queue.empty() and websocket.offer(state.frame):
            if websocket.rest:
                connection.send(Rest(MESSAGE))
        elif waiting := guest.waiting.get(state.namespace):
            waiting.data, waiting.encode_cache = state.text, None
        else:
            connection.send(WaitingState(state.text, guest.waiting, state.namespace))


class _State:
    """A state as text and as a frame, made once for all sockets."""

    def __init__(self, namespace: str, text: str) -> None:
        self.namespace, self.text = namespace, text
        self.frame = frame(f"{MESSAGE}{text}")
