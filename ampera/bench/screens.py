"""Screens of the measured server: any number of sockets in one loop, which notes when each one hears a revision."""

import json
import re
import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Ping, Request, TextMessage

PATH = "/socket.io/?EIO=4&transport=websocket"
REVISION = re.compile(r'"revision":(\d+)')
WAIT_SECONDS = 20.0
ENGINE_PING = "2"


class Screen:
    """One websocket that speaks just enough Engine.IO and Socket.IO to listen to /board."""

    def __init__(self, port: int, auth: dict[str, str]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.wire = WSConnection(ConnectionType.CLIENT)
        self.auth = auth
        self.revision = -1
        self.text = ""
        self.socket.sendall(self.wire.send(Request(host=f"127.0.0.1:{port}", target=PATH)))

    def hear(self) -> None:
        """Read what came and answer what must be answered."""
        self.wire.receive_data(self.socket.recv(65536) or None)
        for event in self.wire.events():
            if isinstance(event, AcceptConnection):
                self.send(f"40/board,{json.dumps(self.auth)}")
            elif isinstance(event, Ping):
                self.socket.sendall(self.wire.send(event.response()))
            elif isinstance(event, TextMessage):
                self.text += event.data
                if event.message_finished:
                    self._message(self.text)
                    self.text = ""

    def send(self, text: str) -> None:
        self.socket.sendall(self.wire.send(TextMessage(text)))

    def _message(self, text: str) -> None:
        if text == ENGINE_PING:
            self.send("3")
        elif text.startswith("42") and (found := REVISION.search(text)):
            self.revision = max(self.revision, int(found[1]))
        elif text.startswith("40/board"):
            self.revision = max(self.revision, 0)


class Screens:
    """All screens of one measurement."""

    def __init__(self, port: int, count: int, auth: dict[str, str]) -> None:
        self.selector = selectors.DefaultSelector()
        self.all: list[Screen] = []
        for _ in range(count):
            screen = Screen(port, auth)
            self.selector.register(screen.socket, selectors.EVENT_READ, screen)
            self.all.append(screen)
        self.arrivals(0, perf_counter())

    @property
    def revision(self) -> int:
        return max(screen.revision for screen in self.all)

    def settle(self, seconds: float) -> None:
        """Hear whatever comes for a while."""
        ends = perf_counter() + seconds
        while (left := ends - perf_counter()) > 0:
            for key, _ in self.selector.select(left):
                key.data.hear()

    def arrivals(self, revision: int, began: float) -> list[float]:
        """Seconds from `began` until each screen had this revision or a newer one."""
        waiting = {screen for screen in self.all if screen.revision < revision}
        found: list[float] = []
        while waiting:
            ready = self.selector.select(WAIT_SECONDS)
            if not ready:
                raise RuntimeError(f"{len(waiting)} screens heard nothing for {WAIT_SECONDS:.0f} s")
            for key, _ in ready:
                key.data.hear()
                if key.data in waiting and key.data.revision >= revision:
                    waiting.discard(key.data)
                    found.append(perf_counter() - began)
        return found

    def close(self) -> None:
        self.selector.close()
        for screen in self.all:
            screen.socket.close()


@contextmanager
def screens(port: int, count: int, auth: dict[str, str]) -> Iterator[Screens]:
    """This many screens, all connected and heard from."""
    found = Screens(port, count, auth)
    try:
        yield found
    finally:
        found.close()
