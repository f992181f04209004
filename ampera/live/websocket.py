"""A websocket on wsproto: its client pays for every frame, and the server ends it whatever the client does.

A frame of the server has no mask, so that one frame serves all sockets of a room. A client that takes nothing for
STUCK_SECONDS is cut off. One lock is that of all writing, so that frames of several tasks never mix.
"""

import binascii
import os
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.utilities import LocalProtocolError, generate_accept_token

from ampera.live.guests import Guest
from ampera.live.packets import LONGEST, Passage

STUCK_SECONDS = 20.0  # without a byte taken, or one sent: the answer to a ping comes sooner
READ_BYTES = 4096
TEXT, IS_WHOLE = 0x1, 0x80
ACCEPTED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"
)


class Websocket:
    """What Engine.IO calls for an upgrade. `environ` holds the guest."""

    namespaces: frozenset[str] = frozenset()
    guest: Guest
    connection: socket.socket

    def __init__(self, handler: Callable[["Websocket"], object], _server: object) -> None:
        self.handler = handler
        self.is_over = False
        self.writing = threading.Lock()
        self.rest = b""  # of a frame that `offer` has begun
        self.packets: deque[str] = deque()
        self.text = ""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        token, connection = _accept_token(environ), environ.get("gunicorn.socket")
        if token is None or connection is None:
            start_response("400 BAD REQUEST", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return []
        self.guest, self.connection = environ["ampera.guest"], connection
        self.connection.settimeout(STUCK_SECONDS)
        self.wire = Connection(ConnectionType.SERVER)
        self.guest.hang_up, self.guest.websocket = self.hang_up, self
        self._write(ACCEPTED % token)
        self.handler(self)
        raise StopIteration  # the connection is used up

    def wait(self) -> str | None:
        """The next packet that Engine.IO may see; None at the end."""
        while not self.packets and not self.is_over:
            self._receive()
        return self.packets.popleft() if self.packets else None

    def send(self, packet: str) -> None:
        """Send a packet, or only the rest of a frame; raises OSError when the connection has ended."""
        if self.is_over:
            raise OSError
        self._write(frame(packet) if packet else b"")

    def offer(self, whole: bytes) -> bool:
        """Send a frame if that takes no time; a `rest` is left for `send`. Otherwise nothing of it is sent."""
        if self.is_over or self.rest or self.writing.locked() or isinstance(self.connection, ssl.SSLSocket):
            return False
        try:
            sent = os.write(self.connection.fileno(), whole)
        except OSError:  # the kernel has no room for it now, or the connection has ended, which its reader notices
            return False
        self.rest = whole[sent:]
        return True

    def close(self) -> None:
        if not self.is_over:
            self.offer(self._frame_of(CloseConnection(1000)))
        self.hang_up()

    def hang_up(self) -> None:
        """End the connection now. What was sent before still arrives."""
        self.is_over = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _write(self, whole: bytes) -> None:
        with self.writing:
            left = memoryview(self.rest + whole)
            self.rest = b""
            try:
                while left:
                    left = left[self.connection.send(left) :]
            except OSError:
                self.hang_up()
                raise

    def _receive(self) -> None:
        """Read once. A client that breaks the protocol, or that cannot pay, loses its connection."""
        try:
            read = self.connection.recv(READ_BYTES)
            if not read:
                raise OSError
            self.wire.receive_data(read)
            for event in self.wire.events():
                if not self.guest.may_send():
                    raise OSError
                self._take(event)
        except (OSError, LocalProtocolError, UnicodeDecodeError):
            self.hang_up()

    def _take(self, event: Event) -> None:
        if isinstance(event, Ping):
            self._write(self.wire.send(event.response()))
        elif isinstance(event, CloseConnection):
            self.offer(self._frame_of(event.response()))
            raise OSError
        elif isinstance(event, TextMessage):
            self.text += event.data
            if len(self.text) > LONGEST:
                raise OSError
            if event.message_finished:
                packet, self.text = self.text, ""
                self._judge(packet)
        elif isinstance(event, BytesMessage):
            self._judge(bytes(event.data))

    def _judge(self, packet: str | bytes) -> None:
        passage = self.guest.judge(packet, self.namespaces)
        if passage is Passage.CLOSE:
            raise OSError
        if passage is Passage.TAKE and isinstance(packet, str):
            self.packets.append(packet)

    def _frame_of(self, event: CloseConnection) -> bytes:
        with suppress(LocalProtocolError):
            return self.wire.send(event)
        return b""


def frame(packet: str) -> bytes:
    """The packet as one frame of a server."""
    payload = packet.encode()
    length = len(payload)
    if length < 126:
        return struct.pack("!BB", IS_WHOLE | TEXT, length) + payload
    if length < 65536:
        return struct.pack("!BBH", IS_WHOLE | TEXT, 126, length) + payload
    return struct.pack("!BBQ", IS_WHOLE | TEXT, 127, length) + payload


def _accept_token(environ: dict[str, Any]) -> bytes | None:
    """The answer to the key of a handshake; None when this is none of version 13."""
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    try:
        is_key = len(binascii.a2b_base64(key)) == 16
    except ValueError:
        return None
    return generate_accept_token(key.encode()) if is_key and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13" else None
