"""Who holds the connections of the server: one address cannot take them all, and tablets always find a place.

A connection is *waiting* while the server waits for its client: for a request, for a body, or for an answer to be
taken. When an address has too many connections, its oldest waiting one is cut for the newest, so that an honest client
behind the same address still gets its turn. Connections of known clients (signed in, enrolled) are not counted.
"""

import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from ampera.web.rates import TURNED_AWAY, Buckets, network

PER_ADDRESS = 400  # connections of clients that are not known: the phones behind one network
IN_ALL = 1_500  # the rest is for known clients, and for sockets, which have limits of their own
NEW = (100.0, 500.0)  # connections of one address a second, and at once; more are closed as soon as they come
MOST_REFUSED = 100  # in a row, before other tasks run
SLOW_SECONDS = 15  # after which an answer that is not taken counts as waiting


@dataclass(eq=False)
class Connection:
    """`since` is when the present state began. `must_end`: what follows on it is not known to be a request."""

    address: str
    client: socket.socket
    since: float
    is_waiting: bool = True
    is_known: bool = False
    must_end: bool = False
    requests: int = 0

    def cut(self) -> None:
        """End it from outside: the task that reads or writes gets an error."""
        with suppress(OSError):
            socket.socket.shutdown(self.client, socket.SHUT_RDWR)  # not that of TLS, which would wait for the peer


class Connections:
    """The connections of this process. Behind proxies all have the proxy's address, so nothing is limited here."""

    def __init__(self, is_limited: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self.is_limited, self.now = is_limited, now
        self.of: dict[str, dict[Connection, None]] = defaultdict(dict)  # those that are counted, oldest first
        self.count = 0
        self.open = 0  # of all clients, also of known ones
        self.rates = Buckets(*NEW)

    def may_come(self, address: str) -> bool:
        """Whether a new connection from this address is worth a task."""
        may_come = not self.is_limited or self.rates[network(address)].take()
        if not may_come:
            TURNED_AWAY.labels("connections").inc()
        return may_come

    def enter(self, client: socket.socket, address: str) -> Connection | None:
        """None when the client must be refused."""
        connection = Connection(network(address), client, self.now())
        return connection if self._add(connection) else None

    def identify(self, connection: Connection) -> None:
        """Its client is known."""
        connection.is_known = True
        self.release(connection)

    @contextmanager
    def waiting(self, connection: Connection) -> Iterator[None]:
        """In this block the server waits for a part of a body."""
        self.wait(connection)
        try:
            yield
        finally:
            self.work(connection)

    def wait(self, connection: Connection) -> None:
        """The server waits for this client from now on."""
        connection.is_waiting, connection.since = True, self.now()
        if self._is_counted(connection):
            self.of[connection.address][connection] = self.of[connection.address].pop(connection)
        elif not connection.is_known:
            self._add(connection)

    def work(self, connection: Connection) -> None:
        """The server works for this client from now on."""
        connection.is_waiting, connection.since = False, self.now()

    def release(self, connection: Connection) -> None:
        """It is not counted any more: it has ended, is a socket, or its client is known."""
        if self._is_counted(connection):
            del self.of[connection.address][connection]
            self.count -= 1
            if not self.of[connection.address]:
                del self.of[connection.address]

    def _add(self, connection: Connection) -> bool:
        if self.is_limited:
            if len(self.of.get(connection.address, ())) >= PER_ADDRESS and not self._make_room(connection.address):
                return False
            if self.count >= IN_ALL and not self._make_room(max(self.of, key=lambda address: len(self.of[address]))):
                return False
        self.of[connection.address][connection] = None
        self.count += 1
        return True

    def _make_room(self, address: str) -> bool:
        TURNED_AWAY.labels("connections").inc()
        oldest = next((other for other in self.of[address] if self._may_be_cut(other)), None)
        if oldest:
            self.release(oldest)
            oldest.cut()
        return oldest is not None

    def _may_be_cut(self, connection: Connection) -> bool:
        return connection.is_waiting or self.now() - connection.since > SLOW_SECONDS

    def _is_counted(self, connection: Connection) -> bool:
        return connection in self.of.get(connection.address, ())


def secrets_of(headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The headers that may hold a secret, as in a WSGI environment."""
    names = {"COOKIE": "HTTP_COOKIE", "AUTHORIZATION": "HTTP_AUTHORIZATION"}
    return {names[name.upper()]: value for name, value in headers if name.upper() in names}
