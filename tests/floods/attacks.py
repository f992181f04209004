"""What one machine of the network can send: `python -m tests.floods.attacks NAME URL SECONDS ADDRESS [LINK]`.

A process of its own, so that a flood does not share the interpreter of the test that measures. It prints how much it
did.
"""

import io
import random
import socket
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from tests.serving.frames import UPGRADE, frame

CONNECTIONS = 12
Attack = Callable[["Target"], int]


class Target:
    """The server, as seen from one address."""

    def __init__(self, url: str, seconds: float, address: str, link: str) -> None:
        self.host, self.port = urlsplit(url).hostname or "", urlsplit(url).port or 80
        self.until, self.address, self.link = time.monotonic() + seconds, address, link

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self.until

    def connect(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), 5, (self.address, 0))

    def request(self, method: str, path: str, body: bytes = b"", kind: str = "text/plain") -> int:
        """One request on a connection of its own; how many bytes came back."""
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nConnection: close\r\n"
        if method == "POST":
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        with suppress(OSError), self.connect() as wire:
            wire.sendall(head.encode() + b"\r\n" + body)
            return sum(len(part) for part in iter(lambda: wire.recv(65536), b""))
        return 0


def messages(target: Target) -> int:
    """Seven bytes, as fast as possible, on a socket in the namespace `/`."""
    sent = 0
    block = frame('42["x"]') * 200
    while target.is_on:
        with suppress(OSError), target.connect() as wire:
            wire.sendall(UPGRADE.format(port=target.port, more="").encode())
            wire.recv(4096)
            wire.sendall(frame("40"))
            while target.is_on:
                wire.sendall(block)
                sent += 200
    return sent


def asks(method: str, path: str, body: bytes = b"", kind: str = "text/plain") -> Attack:
    def ask(target: Target) -> int:
        done = 0
        while target.is_on:
            where = path.format(link=target.link, n=random.randrange(10**9))
            target.request(method, where, body, kind)
            done += 1
        return done

    return ask


def halves(target: Target) -> int:
    """Requests without an end, kept open and opened again."""
    held: list[socket.socket] = []
    opened = 0
    while target.is_on:
        with suppress(OSError):
            wire = target.connect()
            wire.sendall(b"GET / HTTP/1.1\r\nHost: local")
            held.append(wire)
            opened += 1
        if len(held) > 380:
            held.pop(0).close()
    for wire in held:
        wire.close()
    return opened


def _multipart(parts: int) -> bytes:
    part = '--x\r\nContent-Disposition: form-data; name="a{n}"\r\n\r\nb\r\n'
    return "".join(part.format(n=n) for n in range(parts)).encode() + b"--x--\r\n"


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>" + " " * 20_000_000)
    return out.getvalue()


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
ATTACKS: dict[str, tuple[int, Attack]] = {
    "messages": (4, messages),
    "connections": (CONNECTIONS, halves),
    "handshakes": (CONNECTIONS, asks("GET", "/socket.io/?EIO=4&transport=polling")),
    "front": (CONNECTIONS, asks("GET", "/")),
    "slip": (CONNECTIONS, asks("GET", "/p/{link}/slip.pdf?size=a4")),
    "page": (CONNECTIONS, asks("GET", "/p/{link}")),
    "sign-in": (CONNECTIONS, asks("POST", "/login", b"login=x&password=y", FORM)),
    "find": (CONNECTIONS, asks("POST", "/find", b"application_no=x", FORM)),
    "uploads": (4, asks("POST", "/api/v1/imports", b"x" * 24_000_000, PARTS)),
    "parts": (CONNECTIONS, asks("POST", "/login", _multipart(990), PARTS)),
    "nesting": (CONNECTIONS, asks("POST", "/api/v1/scans", b"[" * 2_000_000, "application/json")),
    "openapi": (CONNECTIONS, asks("GET", "/api/v1/openapi.json")),
    "unknown": (CONNECTIONS, asks("GET", "/p/invented-{n}")),
}


def main(name: str, url: str, seconds: str, address: str, link: str = "") -> None:
    clients, attack = ATTACKS[name]
    target = Target(url, float(seconds), address, link)
    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(attack(target))) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(done))


if __name__ == "__main__":
    main(*sys.argv[1:])
