"""Time limits around the application: a body has a deadline (408), and no new socket delays a stop.

The limits of size (413) are in `ampera.web.limits`; gunicorn's keep-alive limits the headers.
"""

import io
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http import HTTPStatus
from typing import Any

import gevent
from flask import Flask, Response
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

from ampera import errors
from ampera.serving.connections import Connection, Connections
from ampera.serving.turns import STATE_SECONDS, Turns, TurnTooLate, address_of
from ampera.web.known_clients import AUTHENTICATED, KnownClients

BODY_SECONDS = 10  # for any body, plus
BODY_BYTES_PER_SECOND = 20_000  # the slowest accepted pace of a long body
CHUNKED_BYTES = 2 * 1024 * 1024  # a longer body needs a Content-Length
STRANGER_BYTES = 64 * 1024  # of such a body when the sender is not authenticated
RETRY_SECONDS = 2  # of a page whose turn did not come in time
API_PATH = "/api/"
SOCKET_PATH = "/socket.io/"
Pause = Callable[[], AbstractContextManager[None]]


class Bounded:
    """The WSGI application that gunicorn calls. The worker sets `connections`, and `connection` to the present one."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.is_stopping = False
        self.known: KnownClients = app.extensions["ampera.known_clients"]
        self.proxies: int = app.extensions["ampera.settings"].proxies
        self.turns = Turns()
        self.connections = Connections()
        self.connection: Callable[[], Connection]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Without per-message deflate an idle socket costs less than half of the memory.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        connection = self.connection()
        if environ["PATH_INFO"].startswith(SOCKET_PATH):
            if self.is_stopping:
                return ServiceUnavailable()(environ, start_response)
            if "HTTP_UPGRADE" in environ:
                self.connections.release(connection)  # sockets have limits of their own
            return self._answer(connection, environ, start_response, nullcontext)
        if self.known.has(environ):
            with self.turns.first():
                return self._answer(connection, environ, start_response, nullcontext)
        address = address_of(environ, self.proxies)
        is_state = environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].startswith(API_PATH)
        try:
            with self.turns.turn(address, STATE_SECONDS if is_state else None):
                return self._answer(connection, environ, start_response, lambda: self.turns.pause(address))
        except TurnTooLate:
            return self._too_late(environ)(environ, start_response)

    def _too_late(self, environ: dict[str, Any]) -> Response:
        with self.app.request_context(environ):
            response = errors.answer(errors.Refusal.UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def _answer(
        self, connection: Connection, environ: dict[str, Any], start_response: Callable[..., Any], pause: Pause
    ) -> Iterable[bytes]:
        @contextmanager
        def waiting() -> Iterator[None]:
            with pause(), self.connections.waiting(connection):
                yield

        body = environ["wsgi.input"] = TimedBody(environ, waiting)
        try:
            return self.app(environ, start_response)
        finally:
            connection.must_end = body.is_left


class TimedBody:
    """A body that raises RequestTimeout after its deadline. It is read only on demand: a client without access
    costs no memory.
    """

    def __init__(self, environ: dict[str, Any], waiting: Pause) -> None:
        self._environ, self._body, self._waiting = environ, environ["wsgi.input"], waiting
        length = environ.get("CONTENT_LENGTH")
        self._is_measured = length is not None
        self._deadline = time.monotonic() + BODY_SECONDS + int(length or 0) / BODY_BYTES_PER_SECOND

    @property
    def is_left(self) -> bool:
        """Whether nobody has read a body of unknown length."""
        return not self._is_measured and "HTTP_TRANSFER_ENCODING" in self._environ

    def read(self, size: int = -1) -> bytes:
        self._measure()
        return self._in_time(self._body.read, size)

    def readline(self, size: int = -1) -> bytes:
        self._measure()
        return self._in_time(self._body.readline, size)

    def __iter__(self) -> "TimedBody":
        return self

    def __next__(self) -> bytes:
        if line := self.readline():
            return line
        raise StopIteration

    def _measure(self) -> None:
        """Read a chunked body completely: Werkzeug would cut a long one off and treat the part as the whole."""
        if not self._is_measured:
            most = CHUNKED_BYTES if AUTHENTICATED in self._environ else STRANGER_BYTES
            whole = self._in_time(self._body.read, most + 1)
            if len(whole) > most:
                raise RequestEntityTooLarge
            self._body, self._is_measured = io.BytesIO(whole), True

    def _in_time(self, read: Callable[[int], bytes], size: int) -> bytes:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise RequestTimeout
        with self._waiting(), gevent.Timeout(left, RequestTimeout()):
            return read(size)  # the turn comes back after the time limit, which is the client's
