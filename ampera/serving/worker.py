"""gunicorn's gevent worker with fair turns for all clients, a quick stop, and a time limit for TLS handshakes."""

import mmap
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import gevent
from gevent.server import StreamServer
from gunicorn.workers import ggevent
from gunicorn.workers.ggevent import GeventWorker

from ampera.serving.connections import MOST_REFUSED, Connection, Connections, secrets_of
from ampera.web.known_clients import KnownClients

HANDSHAKE_SECONDS = 5
HEADERS_SECONDS = 5  # for the headers of the first request; later ones have the time of an idle connection
UNREAD_BYTES = 64 * 1024  # of a body that nobody wanted: with more of it the connection ends
LINGER_SECONDS = 2  # in which the client of such a connection may still read the answer
LINGER_BYTES = 2 * 1024 * 1024
NEWCOMERS_SECONDS = 1.2  # at a stop; the server listens for up to a second more
LOST_PEER_MILLISECONDS = 30_000
OTHERS_FIRST_SECONDS = 0.1
FOR_PROGRAMS = ("/api/", "/hooks/", "/metrics", "/socket.io/")  # addresses that nobody types into a browser
OTHERS_BEFORE_KNOWN_SECONDS = 0.01  # a tablet's next request does not wait for the end of a flood


class Listener(StreamServer):
    """Closes the connections of an address that opens too many, before a task is made for each."""

    max_accept = 20  # before other tasks run
    may_come: Callable[[str], bool]

    def do_read(self) -> Any:
        for _ in range(MOST_REFUSED):
            accepted = super().do_read()
            if accepted is None or not accepted[1] or self.may_come(accepted[1][0]):
                return accepted
            accepted[0].close()
        return None


class Worker(GeventWorker):
    """Serves every connection in a greenlet of its own."""

    is_old = is_leaving = False  # what the master thinks of it: its successor starts; it was asked to stop

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._mark = mmap.mmap(-1, 1)  # memory that this process shares with its master
        self.idle: set[Any] = set()  # greenlets of connections that wait for their next request
        self.connections = Connections()
        self.known = KnownClients()
        self.by_greenlet: dict[Any, Connection] = {}

    def run(self) -> None:
        Listener.may_come = staticmethod(self.connections.may_come)
        ggevent.StreamServer = Listener  # gunicorn has no setting for it
        super().run()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.known = self.wsgi.known
        self.connections.is_limited = not self.wsgi.proxies
        self.wsgi.connections, self.wsgi.connection = self.connections, self.connection
        self.wsgi.app.extensions["ampera.connections"] = self.connections  # for the figures
        self._mark[0] = 1

    @property
    def is_serving(self) -> bool:
        """Whether the process has loaded the application. The master asks."""
        return self._mark[0] == 1

    def connection(self) -> Connection:
        """The connection that the present greenlet serves."""
        return self.by_greenlet[gevent.getcurrent()]

    def handle(self, listener: object, client: socket.socket, addr: Any) -> None:
        connection = self.connections.enter(client, addr[0] if addr else "")
        if connection is None:
            client.close()
            return
        greenlet = gevent.getcurrent()
        self.by_greenlet[greenlet] = connection
        self.connections.open += 1
        try:
            self._serve(listener, client, addr)
        finally:
            self.connections.open -= 1
            self.by_greenlet.pop(greenlet, None)
            self.idle.discard(greenlet)
            self.connections.identify(connection)  # nobody counts it from now on

    def _serve(self, listener: object, client: socket.socket, addr: Any) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, LOST_PEER_MILLISECONDS)
        if self._shake_hands(client):
            super().handle(listener, client, addr)

    def timeout_ctx(self) -> Any:
        connection = self.connection()
        self.idle.add(gevent.getcurrent())
        self.connections.wait(connection)
        return super().timeout_ctx() if connection.requests else gevent.Timeout(HEADERS_SECONDS, False)

    def handle_request(self, listener_name: object, req: Any, sock: socket.socket, addr: object) -> None:
        connection = self.connection()
        connection.requests += 1
        self.idle.discard(gevent.getcurrent())
        if self.known.has(secrets_of(req.headers)):
            self.connections.identify(connection)
        self.connections.work(connection)
        super().handle_request(listener_name, req, sock, addr)
        if connection.must_end or getattr(req.body.reader, "length", 0) > UNREAD_BYTES:
            _linger(sock)
            raise StopIteration
        # Other clients first: one fast client on a kept-alive connection would starve them. idle() and not sleep(0),
        # which would delay timers and input. The timeout is for a loop that is never idle.
        with gevent.Timeout(OTHERS_BEFORE_KNOWN_SECONDS if connection.is_known else OTHERS_FIRST_SECONDS, False):
            gevent.idle()
        if not self.alive:
            raise StopIteration  # the server is stopping: this connection gets no further request

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        gevent.spawn(self._close_connections)
        super().handle_exit(sig, frame)

    def _close_connections(self) -> None:
        """Close sockets and idle connections, which would use up the graceful time. Running requests continue.

        A connection that has just come gets a moment for its request: its client has no reason to ask again.
        """
        from ampera import tasks
        from ampera.realtime import socketio

        tasks.stop()
        if wsgi := getattr(self, "wsgi", None):  # the app is not loaded yet when the stop comes early
            wsgi.is_stopping = True
        for connection in list(socketio.server.eio.sockets.values()):
            connection.close(wait=False)
        kept_alive = [greenlet for greenlet in self.idle if self.by_greenlet[greenlet].requests]
        gevent.killall(kept_alive, StopIteration, block=False)
        gevent.sleep(NEWCOMERS_SECONDS)
        gevent.killall(list(self.idle), StopIteration, block=False)

    def _shake_hands(self, client: socket.socket) -> bool:
        """Whether the connection may continue. A peer that does not finish its TLS handshake in time is dropped."""
        if not isinstance(client, ssl.SSLSocket):
            return True
        with gevent.Timeout(HANDSHAKE_SECONDS, False):
            if _speaks_plain_http(client):
                _redirect_to_https(client)
                return False
            client.do_handshake()
            return True
        return False


def _linger(client: socket.socket) -> None:
    """Let the client read the answer. A connection that is closed with unread bytes is reset, and the answer lost."""
    with suppress(OSError), gevent.Timeout(LINGER_SECONDS, False):
        socket.socket.shutdown(client, socket.SHUT_WR)
        for _ in range(LINGER_BYTES // UNREAD_BYTES):
            if not socket.socket.recv(client, UNREAD_BYTES):
                return
            gevent.sleep(0)


def _speaks_plain_http(client: ssl.SSLSocket) -> bool:
    """A TLS record of a handshake begins with 22; a method's name with a capital letter."""
    return socket.socket.recv(client, 1, socket.MSG_PEEK).isalpha()


def _redirect_to_https(client: ssl.SSLSocket) -> None:
    """Redirect a browser whose user typed the address without https://.

    A program is refused: after a redirect nobody would notice that its key goes over the network in clear.
    """
    request, _, headers = socket.socket.recv(client, 8192).decode("latin-1").partition("\r\n")
    fields = [line.partition(":") for line in headers.split("\r\n")]
    sent = {name.lower(): value.strip() for name, _, value in fields}
    method, target = request.split(" ")[:2] if request.count(" ") == 2 else ("GET", "/")
    is_page = method in ("GET", "HEAD") and not target.startswith(FOR_PROGRAMS) and "authorization" not in sent
    answer = (
        f"307 Temporary Redirect\r\nLocation: https://{sent.get('host', '')}{target}" if is_page else "403 Forbidden"
    )
    socket.socket.send(  # not sendall, which would go through the TLS that this peer does not speak
        client,
        f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode("latin-1"),
    )
