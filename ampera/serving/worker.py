"""gunicorn's gevent worker with fair turns for all clients, a quick stop, and a time limit for TLS handshakes."""

import socket
import ssl
from types import FrameType
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker

HANDSHAKE_SECONDS = 10
LOST_PEER_MILLISECONDS = 30_000
OTHERS_FIRST_SECONDS = 0.1


class Worker(GeventWorker):
    """Serves every connection in a greenlet of its own."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.idle: set[Any] = set()  # greenlets of connections that wait for their next request

    def handle(self, listener: object, client: socket.socket, addr: object) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, LOST_PEER_MILLISECONDS)
        try:
            if self._shake_hands(client):
                super().handle(listener, client, addr)
        finally:
            self.idle.discard(gevent.getcurrent())

    def timeout_ctx(self) -> Any:
        self.idle.add(gevent.getcurrent())
        return super().timeout_ctx()

    def handle_request(self, *args: object) -> None:
        self.idle.discard(gevent.getcurrent())
        super().handle_request(*args)
        # Other clients first: one fast client on a kept-alive connection would starve them. idle() and not sleep(0),
        # which would delay timers and input. The timeout is for a loop that is never idle.
        with gevent.Timeout(OTHERS_FIRST_SECONDS, False):
            gevent.idle()
        if not self.alive:
            raise StopIteration  # the server is stopping: this connection gets no further request

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        gevent.spawn(self._close_connections)
        super().handle_exit(sig, frame)

    def _close_connections(self) -> None:
        """Close sockets and idle connections, which would use up the graceful time. Running requests continue."""
        from ampera import tasks
        from ampera.realtime import socketio

        tasks.stop()
        if wsgi := getattr(self, "wsgi", None):  # the app is not loaded yet when the stop comes early
            wsgi.is_stopping = True
        for connection in list(socketio.server.eio.sockets.values()):
            connection.close(wait=False)
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


def _speaks_plain_http(client: ssl.SSLSocket) -> bool:
    """A TLS record of a handshake begins with 22; a method's name with a capital letter."""
    return socket.socket.recv(client, 1, socket.MSG_PEEK).isalpha()


def _redirect_to_https(client: ssl.SSLSocket) -> None:
    """Redirect a browser whose user typed the address without https://."""
    request, _, headers = socket.socket.recv(client, 8192).decode("latin-1").partition("\r\n")
    host = next((line[5:].strip() for line in headers.split("\r\n") if line.lower().startswith("host:")), "")
    target = request.split(" ")[1] if request.count(" ") == 2 else "/"
    socket.socket.send(  # not sendall, which would go through the TLS that this peer does not speak
        client,
        f"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://{host}{target}\r\n"
        "Content-Length: 0\r\nConnection: close\r\n\r\n".encode("latin-1"),
    )
