"""Officers who scan one code after the other while something fails; every answer is kept and judged afterwards."""

import itertools
import threading
import time
import uuid
from collections import Counter
from typing import Any, NamedTuple

import httpx
from sqlalchemy import select

from ampera import db
from ampera.tools.auditing import proof
from ampera.visits.models import Visit
from tests import builders

CLIENTS = 4
PACE_SECONDS = 0.05  # of each officer: a lane is not a benchmark
PATIENCE = 30.0


class Answer(NamedTuple):
    """`status` is 0 where no answer came; `at` is the moment of the question, monotonic."""

    at: float
    seconds: float
    status: int
    body: dict[str, Any]
    scan: dict[str, Any]


class Officers:
    """`with Officers(server, key) as officers:` keeps scanning until the end of the block."""

    def __init__(self, server: Any, key: str) -> None:
        self.server, self.key = server, key
        self.answers: list[Answer] = []
        self._is_over = threading.Event()
        self._numbers = itertools.count(1)
        self._threads = [threading.Thread(target=self._work) for _ in range(CLIENTS)]
        self._building = threading.Lock()

    def __enter__(self) -> "Officers":
        with self.server.app.app_context():
            self._codes = iter([builders.ready(next(self._numbers))[1] for _ in range(1500)])
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        with self.client() as client:
            while not self._is_over.wait(PACE_SECONDS):
                with self._building:
                    code = next(self._codes)
                self.answers.append(ask(client, {"scan_id": str(uuid.uuid4()), "lane": 1, "input": code}))

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.server.url, headers=headers, timeout=PATIENCE)

    def work_for(self, seconds: float) -> float:
        """Let them work; the moment when this began."""
        began = time.monotonic()
        time.sleep(seconds)
        return began

    def since(self, moment: float, until: float | None = None) -> list[Answer]:
        return [answer for answer in self.answers if moment <= answer.at < (until or time.monotonic())]

    def settle(self) -> int:
        """Send again what was not acknowledged, with the same ids; check that each scan is there once. Their number."""
        lost = [answer for answer in self.answers if answer.status not in (200, 201)]
        with self.client() as client:
            again = [ask(client, answer.scan) for answer in lost]
        assert {answer.status for answer in again} <= {200, 201}, Counter(answer.status for answer in again)
        done = [answer for answer in (*self.answers, *again) if answer.status in (200, 201)]
        visits = [answer.body["visit"]["id"] for answer in done]
        assert len(set(visits)) == len(visits) == len(self.answers)
        with self.server.app.app_context():
            with db.reading() as session:
                assert sorted(session.scalars(select(Visit.id).where(Visit.id.in_(visits)))) == sorted(visits)
            with db.reading() as session:
                assert proof.verify(session)["ok"]
        return len(done)


def ask(client: httpx.Client, scan: dict[str, Any]) -> Answer:
    began = time.monotonic()
    try:
        answer = client.post("/api/v1/scans", json=scan)
    except httpx.TransportError:
        return Answer(began, time.monotonic() - began, 0, {}, scan)
    return Answer(began, time.monotonic() - began, answer.status_code, answer.json(), scan)


def summary(answers: list[Answer]) -> str:
    """`120 answers (200: 118, 503: 2), p50 6 ms, p99 40 ms, longest 61 ms`"""
    if not answers:
        return "no answer"
    seconds = sorted(answer.seconds for answer in answers)
    counts = ", ".join(f"{status}: {n}" for status, n in sorted(Counter(answer.status for answer in answers).items()))
    p50, p99 = (1000 * seconds[int(share * (len(seconds) - 1))] for share in (0.5, 0.99))
    return f"{len(answers)} ({counts}), p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {1000 * seconds[-1]:.0f} ms"
