"""Screens of the measured server: any number of sockets in one loop, which notes when each receives a revision."""

import re
import selectors
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from ampera.tools.bench.sockets import Listener

REVISION = re.compile(r'"revision":(\d+)')
WAIT_SECONDS = 20.0
OPENED_AT_ONCE = 50  # the server closes those of one address that wait
OF_ONE_ADDRESS = 150  # the server limits how many open


class Screen(Listener):
    """A screen, or another page that listens, with its newest revision; -1 before it has joined."""

    revision = -1

    def on_join(self) -> None:
        self.revision = max(self.revision, 0)

    def on_event(self, text: str) -> None:
        if found := REVISION.search(text):
            self.revision = max(self.revision, int(found[1]))


class Screens:
    """All screens of one measurement."""

    def __init__(self, port: int, auths: list[dict[str, Any]], namespace: str, cookie: str) -> None:
        self.selector = selectors.DefaultSelector()
        self.all: list[Screen] = []
        for number, auth in enumerate(auths):
            if number % OPENED_AT_ONCE == 0:
                self.arrivals(0, perf_counter())
            screen = Screen(port, auth, namespace, cookie, f"127.0.{number // OF_ONE_ADDRESS}.1")
            self.selector.register(screen.socket, selectors.EVENT_READ, screen)
            self.all.append(screen)
        self.arrivals(0, perf_counter())

    @property
    def revision(self) -> int:
        return max(screen.revision for screen in self.all)

    def settle(self, seconds: float) -> None:
        """Receive everything for this long."""
        ends = perf_counter() + seconds
        while (left := ends - perf_counter()) > 0:
            for key, _ in self.selector.select(left):
                key.data.receive()

    def arrivals(self, revision: int, began: float) -> list[float]:
        """Seconds from `began` until each screen had this revision or a newer one."""
        waiting = {screen for screen in self.all if screen.revision < revision}
        found: list[float] = []
        newest = perf_counter()
        while waiting:
            ready = self.selector.select(WAIT_SECONDS)
            if perf_counter() - newest > WAIT_SECONDS:  # pings may come all the time
                raise RuntimeError(f"{len(waiting)} screens received nothing for {WAIT_SECONDS:.0f} s")
            for key, _ in ready:
                key.data.receive()
                if key.data in waiting and key.data.revision >= revision:
                    waiting.discard(key.data)
                    newest = perf_counter()
                    found.append(newest - began)
        return found

    def close(self) -> None:
        self.selector.close()
        for screen in self.all:
            screen.socket.close()


@contextmanager
def screens(port: int, auths: list[dict[str, Any]], namespace: str = "/board", cookie: str = "") -> Iterator[Screens]:
    """A screen for each `auth`, all of which have joined."""
    found = Screens(port, auths, namespace, cookie)
    try:
        yield found
    finally:
        found.close()
