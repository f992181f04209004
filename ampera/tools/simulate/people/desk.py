"""The desk: one socket receives the pick list, and clerks walk. Books of called vehicles come first.

A walk takes time for the way to the racks, for each rack, for each book, and for the way to a window.
"""

import json
from random import Random
from typing import Any, NamedTuple

import gevent
from gevent.event import Event

from ampera.tools.bench.sockets import Listener
from ampera.tools.simulate.morning import Morning
from ampera.tools.simulate.world import Worker

TO_THE_RACKS, NEXT_RACK, NEXT_BOOK, TO_THE_WINDOW = 20.0, 6.0, 4.0, 8.0  # seconds
BATCH = 12  # books that a clerk carries
LOOKS_AGAIN = 10.0
NOT_FOUND, SEARCHES = 0.004, 60.0


class Job(NamedTuple):
    """Books to fetch from the shelf, or to carry to a window."""

    act: str
    books: list[dict[str, Any]]
    lane: int | None = None
    window: int | None = None


class Desk(Listener):
    """The pick list as the desk's browser receives it, and the books that clerks carry."""

    def __init__(self, morning: Morning) -> None:
        self.morning = morning
        self.changed = Event()
        self.picks: list[dict[str, Any]] = []
        self.returns: list[dict[str, Any]] = []
        self.carried: set[int] = set()
        super().__init__(morning.http.port, {}, "/desk", morning.world.clerks[0].cookie)

    def on_event(self, text: str) -> None:
        state = json.loads(text.partition(",")[2])[1]
        self.picks, self.returns = state["picks"], state["returns"]
        self.changed.set()
        self.changed.clear()

    def read(self) -> None:
        while self.is_open:
            self.receive()

    def job(self) -> Job | None:
        """The next job. Its books count as carried from now on."""
        at_lane = [pick for pick in self.picks if pick["state"] in ("called", "serving")]
        found = self._to_carry(at_lane) or self._to_fetch(at_lane) or self._to_fetch(self.picks) or self._to_shelve()
        if found:
            self.carried |= {book["passport_id"] for book in found.books}
        return found

    def _to_carry(self, picks: list[dict[str, Any]]) -> Job | None:
        for pick in picks:
            place = pick["lane"], pick["window"]
            books = [
                book
                for book in self._free(pick)
                if book["pick"] == "taken"
                or (book["pick"] == "at_window" and (book["pick_lane"], book["pick_window"]) != place)
            ]
            if books:
                return Job("hand", books, *place)
        return None

    def _to_fetch(self, picks: list[dict[str, Any]]) -> Job | None:
        books: list[dict[str, Any]] = []
        for pick in picks:
            mine = [book for book in self._free(pick) if book["pick"] is None]
            if books and len(books) + len(mine) > BATCH:
                break
            books += mine
        return Job("take", books) if books else None

    def _to_shelve(self) -> Job | None:
        books = self._free({"books": self.returns})[:BATCH]
        return Job("shelve", books) if books else None

    def _free(self, pick: dict[str, Any]) -> list[dict[str, Any]]:
        return [book for book in pick["books"] if book["passport_id"] not in self.carried]


class Clerk:
    """One clerk."""

    def __init__(self, morning: Morning, desk: Desk, worker: Worker, number: int) -> None:
        self.morning, self.desk, self.worker = morning, desk, worker
        self.random = Random(f"{morning.options.seed}:clerk:{number}")  # noqa: S311

    def work(self) -> None:
        while True:
            job = self.desk.job()
            if job is None:
                self.desk.changed.wait(self.morning.clock.real(LOOKS_AGAIN))
                continue
            {"hand": self._carry, "take": self._fetch, "shelve": self._shelve}[job.act](job)
            # The list shows the result a moment later. Until then the books still count as carried.
            ids = {book["passport_id"] for book in job.books}
            gevent.spawn_later(1.0, self.desk.carried.difference_update, ids)

    def _carry(self, job: Job) -> None:
        self.morning.clock.sleep(TO_THE_WINDOW)
        self._pick("hand", [book["passport_id"] for book in job.books], job.lane, job.window)

    def _shelve(self, job: Job) -> None:
        self._walk(job, self.morning.clock.now())
        self._pick("shelve", [book["passport_id"] for book in job.books])

    def _walk(self, job: Job, began: float) -> None:
        racks = {str(book["shelf"]).partition("-")[0] for book in job.books}
        self.morning.clock.sleep_until(began + TO_THE_RACKS + NEXT_RACK * len(racks) + NEXT_BOOK * len(job.books))

    def _fetch(self, job: Job) -> None:
        ids, began = [book["passport_id"] for book in job.books], self.morning.clock.now()
        self._pick("take", ids)
        self._walk(job, began)
        for book in ids:
            if self.random.random() < NOT_FOUND:
                self._pick("missing", [book])
                self.morning.clock.sleep(SEARCHES)
                self._pick("found", [book])

    def _pick(self, act: str, ids: list[int], lane: int | None = None, window: int | None = None) -> None:
        place = {"lane": lane, "window": window} if lane else {}
        body = {"passport_ids": ids, "act": act, **place}
        answer = self.morning.http.post("pick", "/api/v1/desk/picks", body, self.worker.key)
        if act == "hand" and answer.is_ok:
            self.morning.bring_books({pick["passport_id"] for pick in answer.body["picks"]})
