"""Limits of time around the application: a body has a deadline (408), and no new socket holds up a stop.

`ampera.web.limits` has those of size (413), gunicorn's keep-alive is that of headers.
"""

import io
import time
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

BODY_SECONDS = 10  # for any body, and on top of it
BODY_BYTES_PER_SECOND = 20_000  # a long one may be as slow as this
CHUNKED_BYTES = 2 * 1024 * 1024  # who sends more says how much before (Content-Length)
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
        environ["wsgi.input"] = TimedBody(environ["wsgi.input"], environ.get("CONTENT_LENGTH"))
        return self.app(environ, start_response)


class TimedBody:
    """A body that raises RequestTimeout when it has not come in time. It is read where it is needed, not before:
    who may not send anything here costs no memory.
    """

    def __init__(self, body: Any, length: str | None) -> None:
        self._body, self._is_measured = body, length is not None
        self._deadline = time.monotonic() + BODY_SECONDS + int(length or 0) / BODY_BYTES_PER_SECOND

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
        """A chunked body is read whole: Werkzeug would cut a too long one off and take the rest for all of it."""
        if not self._is_measured:
            whole = self._in_time(self._body.read, CHUNKED_BYTES + 1)
            if len(whole) > CHUNKED_BYTES:
                raise RequestEntityTooLarge
            self._body, self._is_measured = io.BytesIO(whole), True

    def _in_time(self, read: Callable[[int], bytes], size: int) -> bytes:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise RequestTimeout
        with gevent.Timeout(left, RequestTimeout()):
            return read(size)
