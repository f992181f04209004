"""A websocket whose client pays for every frame, and which the server can end whatever the client does.

Engine.IO's own reads without pause while a client sends, keeps all that it read, and waits for the client's close.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import simple_websocket
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from wsproto.utilities import ProtocolError

from ampera.live.guests import Guest
from ampera.live.packets import LONGEST, Passage


class Websocket(SimpleWebSocketWSGI):
    """What Engine.IO calls for an upgrade. `environ` holds the guest."""

    namespaces: frozenset[str] = frozenset()

    def __call__(self, environ: dict[str, Any], start_response: object) -> Any:
        self.guest: Guest = environ["ampera.guest"]
        try:
            self.ws = PaidWebsocket(environ, self.guest.may_send, max_message_size=LONGEST, **self.server_args)
        except (ProtocolError, simple_websocket.ConnectionError, OSError):
            return _bad_request(start_response)
        self.guest.hang_up = self.ws.hang_up
        ended = self.app(self)
        if self.ws.mode == "gunicorn":
            raise StopIteration  # the connection is used up
        if self.ws.mode == "werkzeug":
            raise ConnectionError
        return ended

    def wait(self) -> Any:
        """The next packet that Engine.IO may see; None at the end."""
        while (packet := super().wait()) is not None:
            passage = self.guest.judge(packet, self.namespaces)
            if passage is Passage.TAKE:
                return packet
            if passage is Passage.CLOSE:
                self.ws.hang_up()
                return None
        return None

    def close(self) -> None:
        super().close()
        self.ws.hang_up()


class PaidWebsocket(simple_websocket.Server):
    """Takes one token for each event of the protocol: a ping or an empty fragment costs the server as much as text."""

    ws: Any

    def __init__(self, environ: dict[str, Any], may_send: Callable[[], bool], **more: Any) -> None:
        self.may_send = may_send  # before the handshake, which starts to read
        super().__init__(environ, **more)

    def handshake(self) -> None:
        super().handshake()
        self.ws = _Paid(self.ws, self.may_send)

    def hang_up(self) -> None:
        """End the connection now. What was sent before still arrives."""
        self.connected = False
        self.event.set()
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def _thread(self) -> None:
        try:
            super()._thread()
        except Exception:  # broken frames: whatever the library makes of them, the connection ends
            self.hang_up()
        finally:
            self.connected = False
            self.event.set()


class _Paid:
    """wsproto's connection; `events` ends the connection of a client that cannot pay."""

    def __init__(self, wire: Any, may_send: Callable[[], bool]) -> None:
        self.wire, self.may_send = wire, may_send
        self.send, self.receive_data = wire.send, wire.receive_data

    def events(self) -> Iterator[Any]:
        for event in self.wire.events():
            if not self.may_send():
                raise ConnectionAbortedError
            yield event


def _bad_request(start_response: Any) -> list[bytes]:
    start_response("400 BAD REQUEST", [("Content-Type", "text/plain"), ("Content-Length", "0")])
    return []
