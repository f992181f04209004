"""The door before Socket.IO: who may open a socket, and what its client may send.

Everything is decided here before the libraries make an object, a task or a log line for it.
"""

import io
import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import structlog
from flask_socketio import SocketIO
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from ampera.live import packets
from ampera.live.guests import LONGEST_QUEUE, Guest, Guests
from ampera.live.packets import Passage
from ampera.live.websocket import Websocket
from ampera.web import response_headers
from ampera.web.rates import network

PATH = "/socket.io"
SWEEP_SECONDS = 0.5
MOST_POLLS = 2  # of one socket at once
Environ = dict[str, Any]

log = structlog.get_logger()
# The libraries write tracebacks and what clients sent; the server logs its own refusals.
silence = logging.getLogger("ampera.sockets")
silence.addHandler(logging.NullHandler())
silence.propagate = False


class Door:
    """WSGI middleware around Socket.IO."""

    def __init__(
        self,
        sockets: SocketIO,
        inside: Callable[..., Iterable[bytes]],
        namespaces: Iterable[str],
        is_known: Callable[[Environ], bool],
    ) -> None:
        self.sockets, self.inside, self.namespaces = sockets, inside, frozenset(namespaces)
        self.is_known = is_known
        self.guests = Guests()
        self.is_sweeping = False
        self._install()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path != PATH and not path.startswith(f"{PATH}/"):
            return self.inside(environ, start_response)
        return self._admit(environ, _with_headers(environ, start_response))

    def _admit(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "POST"):
            return Response(status=405)(environ, start_response)
        query = parse_qs(environ.get("QUERY_STRING", ""))
        if "j" in query:  # answers as scripts, for browsers that cannot send requests
            return Response(status=400)(environ, start_response)
        sid = query.get("sid", [""])[0]
        guest = self.guests.of.get(sid) if sid else self._new_guest(environ)
        if guest is None:
            return Response(status=400 if sid else 429)(environ, start_response)
        environ["ampera.guest"] = guest
        if environ["REQUEST_METHOD"] == "POST":
            return self._post(sid, guest, environ, start_response)
        return self._get(guest, environ, start_response)

    def guest_of(self, eio_sid: str | None) -> Guest | None:
        return self.guests.of.get(eio_sid or "")

    def _new_guest(self, environ: Environ) -> Guest | None:
        guest = self.guests.invite(network(environ.get("REMOTE_ADDR")), self.is_known(environ))
        if guest and not self.is_sweeping:
            self.is_sweeping = True
            self.sockets.start_background_task(self._sweep)
        return guest

    def _get(self, guest: Guest, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if guest.polls >= MOST_POLLS or not guest.may_send():
            return Response(status=429)(environ, start_response)
        guest.polls += 1
        try:
            return self.inside(environ, start_response)
        finally:
            guest.polls -= 1

    def _post(self, sid: str, guest: Guest, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The packets of a client without a websocket: only those that may come in are passed on."""
        try:
            wanted = self._wanted(guest, environ)
        except HTTPException as error:
            return error.get_response(environ)(environ, start_response)
        if wanted is None:
            self.dismiss(sid)
            return Response(status=400)(environ, start_response)
        if not wanted:
            return Response("OK", mimetype="text/plain")(environ, start_response)
        body = packets.SEPARATOR.join(wanted).encode()
        inner = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self.inside(inner, start_response)

    def _wanted(self, guest: Guest, environ: Environ) -> list[str] | None:
        """The packets that are passed on; None when the socket must be closed."""
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdigit() or int(length) > packets.LONGEST or not guest.may_send():
            return None
        try:
            sent = environ["wsgi.input"].read(int(length)).decode().split(packets.SEPARATOR)
        except UnicodeDecodeError:
            return None
        if len(sent) > packets.MOST_IN_A_POST:
            return None
        judged = [(packet, guest.judge(packet, self.namespaces)) for packet in sent]
        if any(passage is Passage.CLOSE for _, passage in judged):
            return None
        return [packet for packet, passage in judged if passage is Passage.TAKE]

    def dismiss(self, sid: str) -> None:
        """Close a socket now, without waiting for its client."""
        guest = self.guests.of.pop(sid, None)
        connection = self.sockets.server.eio.sockets.pop(sid, None)
        if connection:
            connection.close(wait=False, abort=True)
        if guest:
            guest.hang_up()

    def sweep(self) -> None:
        """Close the sockets without a namespace, and those whose client does not read."""
        sockets = self.sockets.server.eio.sockets
        for sid in self.guests.overdue():
            self.dismiss(sid)
        for sid in list(self.guests.of):
            if sid not in sockets:
                self.guests.leave(sid)
            elif sockets[sid].queue.qsize() > LONGEST_QUEUE:
                self.dismiss(sid)

    def _sweep(self) -> None:
        while True:
            self.sockets.sleep(SWEEP_SECONDS)
            try:
                self.sweep()
            except Exception as error:
                log.error("a socket could not be closed", kind=type(error).__name__)
            if not self.guests.of:
                self.is_sweeping = False
                return

    def _install(self) -> None:
        """Count Engine.IO's sockets, and let it use websockets that can be limited."""
        eio = self.sockets.server.eio
        opened, closed = eio.handlers["connect"], eio.handlers["disconnect"]

        def enter(sid: str, environ: Environ) -> Any:
            leaving = self.guests.enter(sid, environ["ampera.guest"])
            self.sockets.server.manager.enter(sid)
            if leaving:
                self.dismiss(next(sid for sid, guest in self.guests.of.items() if guest is leaving))
            return opened(sid, environ)

        def leave(sid: str, *reason: Any) -> Any:
            self.guests.leave(sid)
            self.sockets.server.manager.leave(sid)
            return closed(sid, *reason)

        eio.on("connect", enter)
        eio.on("disconnect", leave)
        eio._async = {**eio._async, "websocket": _websocket(self.namespaces)}


def _with_headers(environ: Environ, start_response: Callable[..., Any]) -> Callable[..., Any]:
    """`start_response` that adds what every answer says about itself."""
    more = response_headers.of_socket(environ)
    return lambda status, headers, *failure: start_response(status, [*headers, *more], *failure)


def _websocket(accepted: frozenset[str]) -> type[Websocket]:
    """The class that Engine.IO makes a websocket of, for clients of these namespaces."""

    class OfThisServer(Websocket):
        namespaces = accepted

    return OfThisServer
