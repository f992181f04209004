"""A websocket written by hand: it sends what a client library would refuse to send."""

import json
import socket
import struct
from typing import Any

from tests.services import LiveServer

UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
)
TEXT, BINARY, PING = 0x1, 0x2, 0x9


def frame(payload: bytes | str, kind: int = TEXT, is_last: bool = True) -> bytes:
    """A masked frame; the mask is zero."""
    content = payload.encode() if isinstance(payload, str) else payload
    first = kind | (0x80 if is_last else 0)
    if len(content) < 126:
        head = struct.pack("!BB", first, 0x80 | len(content))
    elif len(content) < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, len(content))
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, len(content))
    return head + bytes(4) + content


class Wire:
    """`status` of the handshake; `send` texts or frames; `read_all` until the server closes."""

    def __init__(self, server: LiveServer, address: str = "127.0.0.1", more: str = "") -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=30, source_address=(address, 0))
        self.socket.sendall(UPGRADE.format(port=server.port, more=more).encode())
        answer = self.socket.recv(4096)
        self.status = int(answer.split(b" ", 2)[1])
        self.received = answer.partition(b"\r\n\r\n")[2]

    def send(self, *packets: str) -> None:
        self.socket.sendall(b"".join(map(frame, packets)))

    def send_raw(self, frames: bytes) -> None:
        self.socket.sendall(frames)

    def join(self, namespace: str, **auth: Any) -> None:
        self.send(f"40{namespace},{json.dumps(auth)}")

    def read_until(self, text: bytes) -> bytes:
        while text not in self.received:
            part = self.socket.recv(65536)
            assert part, f"closed before {text!r} came: {self.received[-300:]!r}"
            self.received += part
        return self.received

    def read_all(self) -> bytes:
        """Everything until the end of the connection."""
        try:
            while part := self.socket.recv(65536):
                self.received += part
        except (ConnectionResetError, BrokenPipeError):
            pass
        return self.received

    def is_open(self) -> bool:
        """Whether the server has not closed it, as far as is known here now."""
        self.socket.setblocking(False)
        try:
            while part := self.socket.recv(65536):
                self.received += part
        except BlockingIOError:
            return True
        except (ConnectionResetError, BrokenPipeError):
            pass
        return False

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
