"""Turns of strangers: few of their requests run at the same time, and none begins while a known client is served.

A handler works for some milliseconds between two waits. A scan that waits ten times for the database would otherwise
wait ten times for every request of a flood. gevent runs up to a thousand tasks that are ready before it looks at the
network again, so a turn also waits for that look: a scan that has arrived meanwhile is known before the turn begins.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
from gevent.event import Event
from gevent.lock import BoundedSemaphore

from ampera.web.rates import network

PER_ADDRESS = 1
IN_ALL = 4
STATE_SECONDS = 3.0  # that a page waits to read its state; a page that has waited longer has given up and asks again
KNOWN_FIRST_SECONDS = 1.0  # that a stranger's turn waits for known clients, at most


class TurnTooLate(Exception):
    """The turn did not come in time."""


class Turns:
    """Whose turn it is. A request without a turn waits; those of one address in the order in which they came."""

    def __init__(self) -> None:
        self.everybody = BoundedSemaphore(IN_ALL)
        self.of: dict[Hashable, BoundedSemaphore] = {}
        self.users: dict[Hashable, int] = {}
        self.known = 0  # requests of known clients that run
        self.is_quiet = Event()
        self.is_quiet.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """A known client is served in this block."""
        self.known += 1
        self.is_quiet.clear()
        try:
            yield
        finally:
            self.known -= 1
            if not self.known:
                self.is_quiet.set()

    def begin(self, address: Hashable) -> None:
        self.users[address] = self.users.get(address, 0) + 1
        try:
            self.of.setdefault(address, BoundedSemaphore(PER_ADDRESS)).acquire()
        except BaseException:
            self._leave(address)
            raise
        try:
            self.everybody.acquire()
            try:
                self._let_known_go_first()
            except BaseException:
                self.everybody.release()
                raise
        except BaseException:
            self.of[address].release()
            self._leave(address)
            raise

    def end(self, address: Hashable) -> None:
        self.everybody.release()
        self.of[address].release()
        self._leave(address)

    @contextmanager
    def turn(self, address: Hashable, seconds: float | None = None) -> Iterator[None]:
        """Raises TurnTooLate when the turn has not come within this time: its answer would reach nobody."""
        with gevent.Timeout(seconds, TurnTooLate()):
            self.begin(address)
        try:
            yield
        finally:
            self.end(address)

    @contextmanager
    def pause(self, address: Hashable) -> Iterator[None]:
        """Within a turn: somebody else's turn while this one waits for its client."""
        self.end(address)
        try:
            yield
        finally:
            self.begin(address)

    def _let_known_go_first(self) -> None:
        with gevent.Timeout(KNOWN_FIRST_SECONDS, False):
            look_at_network()
            while self.known:
                self.is_quiet.wait()
                look_at_network()

    def _leave(self, address: Hashable) -> None:
        self.users[address] -= 1
        if not self.users[address]:
            del self.users[address], self.of[address]


def look_at_network() -> None:
    """Wait until the loop has looked at the network once, and until what it has found has been begun."""
    loop = gevent.get_hub().loop
    with loop.timer(0.0, priority=loop.MINPRI) as after_all_others:
        gevent.get_hub().wait(after_all_others)


def address_of(environ: dict[str, Any], proxies: int) -> str:
    """The client's address, which the nearest `proxies` proxies have written down."""
    forwarded = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    is_forwarded = proxies and len(forwarded) >= proxies
    return network(forwarded[-proxies] if is_forwarded else environ.get("REMOTE_ADDR"))
