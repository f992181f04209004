"""Turns of strangers: how many of their requests run at the same time. Requests of known clients run at once.

A handler works for some milliseconds between two waits. A scan that waits ten times for the database would otherwise
wait ten times for every request of a flood.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from gevent.lock import BoundedSemaphore

from ampera.web.rates import network

PER_ADDRESS = 2
IN_ALL = 6


class Turns:
    """Whose turn it is. A request without a turn waits; those of one address in the order in which they came."""

    def __init__(self) -> None:
        self.everybody = BoundedSemaphore(IN_ALL)
        self.of: dict[Hashable, BoundedSemaphore] = {}
        self.users: dict[Hashable, int] = {}

    def begin(self, address: Hashable) -> None:
        self.users[address] = self.users.get(address, 0) + 1
        try:
            self.of.setdefault(address, BoundedSemaphore(PER_ADDRESS)).acquire()
        except BaseException:
            self._leave(address)
            raise
        try:
            self.everybody.acquire()
        except BaseException:
            self.of[address].release()
            self._leave(address)
            raise

    def end(self, address: Hashable) -> None:
        self.everybody.release()
        self.of[address].release()
        self._leave(address)

    @contextmanager
    def turn(self, address: Hashable) -> Iterator[None]:
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

    def _leave(self, address: Hashable) -> None:
        self.users[address] -= 1
        if not self.users[address]:
            del self.users[address], self.of[address]


def address_of(environ: dict[str, Any], proxies: int) -> str:
    """The client's address, which the nearest `proxies` proxies have written down."""
    forwarded = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    is_forwarded = proxies and len(forwarded) >= proxies
    return network(forwarded[-proxies] if is_forwarded else environ.get("REMOTE_ADDR"))
