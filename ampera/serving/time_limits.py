"""Time limits around the application: a body has a deadline (408), and no new socket delays a stop.

The limits of size (413) are in `ampera.web.limits`; gunicorn's keep-alive limits the headers.
"""

import io
import time
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

BODY_SECONDS = 10  # for any body, plus
BODY_BYTES_PER_SECOND = 20_000  # the slowest accepted pace of a long body
CHUNKED_BYTES = 2 * 1024 * 1024  # a longer body needs a Content-Length
SOCKET_PATH = "/socket.io/"


class Bounded:
    """The WSGI application that gunicorn calls."""

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
    """A body that raises RequestTimeout after its deadline. It is read only on demand: a client without access
    costs no memory.
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
        """Read a chunked body completely: Werkzeug would cut a long one off and treat the part as the whole."""
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
