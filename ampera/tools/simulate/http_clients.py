"""Requests of the simulated people over keep-alive connections, with times, refusals and the number in flight."""

import http.client
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

IDLE_SECONDS = 5.0  # the server closes idle connections after ten seconds; an older connection may be closing
TIMEOUT_SECONDS = 60.0
TRIES = 3  # for repeatable requests only


class Answer(NamedTuple):
    """Status and body of an answer; status 0 means that no answer came."""

    status: int
    body: Any

    @property
    def is_ok(self) -> bool:
        return self.status in (200, 201, 204)

    @property
    def code(self) -> str:
        return str(self.body.get("error", {}).get("code", "")) if isinstance(self.body, dict) else ""


class Outgoing(NamedTuple):
    """A request. `kind` names it in the figures; `is_repeatable`: twice has the effect of once."""

    kind: str
    method: str
    path: str
    body: dict[str, Any] | str | None = None
    key: str = ""
    is_repeatable: bool = False
    headers: dict[str, str] | None = None  # of a browser that is signed in


class HttpClient:
    """All requests to one server. A connection serves one request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.idle: list[tuple[float, http.client.HTTPConnection]] = []
        self.took: dict[str, list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.failed: list[str] = []
        self.in_flight = 0
        self.peak_in_flight = 0

    def get(self, kind: str, path: str, key: str = "") -> Answer:
        return self.send(Outgoing(kind, "GET", path, None, key, is_repeatable=True))

    def post(self, kind: str, path: str, body: dict[str, Any], key: str = "", is_repeatable: bool = False) -> Answer:
        return self.send(Outgoing(kind, "POST", path, body, key, is_repeatable))

    def send_form(self, kind: str, path: str, form: str) -> Answer:
        """Submit a form of a public page, as the script of that page does."""
        return self.send(Outgoing(kind, "POST", path, form, is_repeatable=True))

    def send(self, request: Outgoing) -> Answer:
        """Send it, again when no answer came and it is repeatable. Counts refusals and failures."""
        answer = Answer(0, None)
        for _ in range(TRIES if request.is_repeatable else 1):
            answer = self._send_once(request)
            if answer.status:
                break
        if answer.status == 0 or answer.status >= 500:
            self.failed.append(f"{request.kind}: {answer.status or 'no answer'}")
        elif not answer.is_ok:
            self.refused[f"{request.kind}: {answer.code or answer.status}"] += 1
        return answer

    def take_peak(self) -> int:
        """The highest number of requests in flight since the last call."""
        most, self.peak_in_flight = self.peak_in_flight, self.in_flight
        return most

    def _send_once(self, request: Outgoing) -> Answer:
        body, headers = _encoded(request)
        began = time.perf_counter()
        with self._counted():
            connection = self._connection()
            try:
                connection.request(request.method, request.path, body, headers)
                response = connection.getresponse()
                text = response.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                return Answer(0, None)
        self.took[request.kind].append(time.perf_counter() - began)
        self.idle.append((time.perf_counter(), connection))
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        return Answer(response.status, json.loads(text) if is_json else text.decode())

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.in_flight += 1
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        try:
            yield
        finally:
            self.in_flight -= 1

    def _connection(self) -> http.client.HTTPConnection:
        while self.idle:
            used_at, connection = self.idle.pop()
            if time.perf_counter() - used_at < IDLE_SECONDS:
                return connection
            connection.close()
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)


def _encoded(request: Outgoing) -> tuple[str | None, dict[str, str]]:
    """The body as text, and the headers of the request."""
    is_form = isinstance(request.body, str)
    content_type = "application/x-www-form-urlencoded" if is_form else "application/json"
    headers = {"Content-Type": content_type, "Accept": "application/json", **(request.headers or {})}
    if request.key:
        headers["Authorization"] = f"Bearer {request.key}"
    body = request.body if request.body is None or isinstance(request.body, str) else json.dumps(request.body)
    return body, headers
