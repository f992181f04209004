"""Limits of time around the application: a body has a deadline (408), and no new socket holds up a stop.

`MAX_CONTENT_LENGTH` limits sizes (413), gunicorn's keep-alive the time of headers.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from werkzeug.exceptions import RequestTimeout, ServiceUnavailable

BODY_SECONDS = 10  # for any body, and on top of it
BODY_BYTES_PER_SECOND = 20_000  # a long one may be as slow as this
SOCKET_PATH = "/socket.io/"


class Bounded:
    """The application as gunicorn calls it."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.is_stopping = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Without per-message deflate an idle socket costs less than half of the memory.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        if self.is_stopping and environ["PATH_INFO"].startswith(SOCKET_PATH):
            return ServiceUnavailable()(environ, start_response)
        environ["wsgi.input"] = TimedBody(environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0))
        return self.app(environ, start_response)


class TimedBody:
    """A body that raises RequestTimeout when it has not come in time. It is read where it is needed, not before:
    who may not send anything here costs no memory.
    """

    def __init__(self, body: Any, length: int) -> None:
        self._body = body
        self._deadline = time.monotonic() + BODY_SECONDS + length / BODY_BYTES_PER_SECOND

    def read(self, size: int = -1) -> bytes:
        return self._in_time(self._body.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._in_time(self._body.readline, size)

    def __iter__(self) -> "TimedBody":
        return self

    def __next__(self) -> bytes:
        if line := self.readline():
            return line
        raise StopIteration

    def _in_time(self, read: Callable[[int], bytes], size: int) -> bytes:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise RequestTimeout
        with gevent.Timeout(left, RequestTimeout()):
            return read(size)
