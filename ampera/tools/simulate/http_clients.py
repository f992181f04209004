"""Requests of the simulated people over kept-alive connections: what each took, what was refused, what is under way."""

import http.client
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

IDLE_SECONDS = 5.0  # the server closes idle connections after ten; one that may be closing is not used
TIMEOUT_SECONDS = 60.0
TRIES = 3  # only of requests that may be sent again


class Answer(NamedTuple):
    """Status 0: no answer came."""

    status: int
    body: Any

    @property
    def is_ok(self) -> bool:
        return self.status in (200, 201, 204)

    @property
    def code(self) -> str:
        return str(self.body.get("error", {}).get("code", "")) if isinstance(self.body, dict) else ""


class Doors:
    """All requests to one server. One connection is used by one request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.idle: list[tuple[float, http.client.HTTPConnection]] = []
        self.took: dict[str, list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.failed: list[str] = []
        self.under_way = 0
        self.most_under_way = 0

    def get(self, what: str, path: str, key: str = "") -> Answer:
        return self.ask(what, "GET", path, None, key, may_repeat=True)

    def post(self, what: str, path: str, body: dict[str, Any], key: str = "", may_repeat: bool = False) -> Answer:
        """`what` names the request in the figures; `may_repeat` when the same body twice is the same as once."""
        return self.ask(what, "POST", path, body, key, may_repeat)

    def send_form(self, what: str, path: str, form: str) -> Answer:
        """A form of a public page, as a script of that page sends it."""
        return self.ask(what, "POST", path, form, "", may_repeat=True)

    def ask(self, what: str, method: str, path: str, body: Any, key: str, may_repeat: bool) -> Answer:
        answer = Answer(0, None)
        for _ in range(TRIES if may_repeat else 1):
            answer = self._once(what, method, path, body, key)
            if answer.status:
                break
        if answer.status == 0 or answer.status >= 500:
            self.failed.append(f"{what}: {answer.status or 'no answer'}")
        elif not answer.is_ok:
            self.refused[f"{what}: {answer.code or answer.status}"] += 1
        return answer

    def most_since(self) -> int:
        """The most requests under way at once since this was asked last."""
        most, self.most_under_way = self.most_under_way, self.under_way
        return most

    @property
    def count(self) -> int:
        return sum(map(len, self.took.values()))

    def _once(self, what: str, method: str, path: str, body: Any, key: str) -> Answer:
        is_form = isinstance(body, str)
        sent = body if is_form or body is None else json.dumps(body)
        kind = "application/x-www-form-urlencoded" if is_form else "application/json"
        headers = {"Content-Type": kind, "Accept": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        began = time.perf_counter()
        with self._counted():
            connection = self._connection()
            try:
                connection.request(method, path, sent, headers)
                response = connection.getresponse()
                text = response.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                return Answer(0, None)
        self.took[what].append(time.perf_counter() - began)
        self.idle.append((time.perf_counter(), connection))
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        return Answer(response.status, json.loads(text) if is_json else text.decode())

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            yield
        finally:
            self.under_way -= 1

    def _connection(self) -> http.client.HTTPConnection:
        while self.idle:
            used_at, connection = self.idle.pop()
            if time.perf_counter() - used_at < IDLE_SECONDS:
                return connection
            connection.close()
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
