"""The office's people during a storm: they scan, call, serve, hand over and undo, straight at the server.

What has no answer (the server is being killed) is left to the next round: they look at the visits and go on.
"""

import threading
import time
import uuid
from random import Random
from typing import Any

import httpx

from ampera import clock
from ampera.tools.bench.over_http import SIGNATURE
from ampera.tools.simulate.people.evidence import SHOWN

CALL_EVERY_S = 4.0  # a little longer than a call stays on the screens
UNDONE, ABSENT = 0.15, 0.1  # shares
HOLDER = {"class": "self", "shown": SHOWN["self"]}
RELATIVE = {
    "class": "family",
    "shown": SHOWN["family"],
    "name": "Contoh Kerabat",
    "document": "ktp",
    "document_last4": "0000",
}


class Counter(threading.Thread):
    """Works until `close`; `pause` and `go_on` in between. `acknowledged` counts the answers by act."""

    def __init__(self, place: Any, books: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.server, self.random = place.server, Random(seed)
        self.client = httpx.Client(base_url=place.officer.base_url, headers=place.officer.headers, timeout=30)
        self.books = self._shelve(books)
        self.by_passport = {book["passport_id"]: book for book in self.books}
        self.coming = list(self.books)
        self.called_at = 0.0
        self.works = threading.Event()
        self.is_idle = threading.Event()
        self.is_over = False
        self.acknowledged: dict[str, int] = {}

    def _shelve(self, count: int) -> list[dict[str, Any]]:
        posted = [_book(n) for n in range(count)]
        answer = self.client.post("/passports", json={"passports": posted}).raise_for_status().json()
        codes = {pickup["pickup_id"]: pickup for pickup in answer["pickups"]}
        return [{**book, **row, **codes[row["pickup_id"]]} for book, row in zip(posted, answer["rows"], strict=True)]

    def run(self) -> None:
        while not self.is_over:
            if not self.works.is_set():
                self.is_idle.set()
                self.works.wait(0.2)
                continue
            try:
                self._act()
            except httpx.TransportError:
                time.sleep(0.1)
            time.sleep(self.random.uniform(0.2, 0.9))

    def go_on(self) -> None:
        self.is_idle.clear()
        self.works.set()

    def pause(self) -> None:
        """Returns when what was begun is done."""
        self.works.clear()
        while not self.is_idle.wait(0.2):
            assert self.is_alive(), "the counter has failed: see the exception of its thread"

    def close(self) -> None:
        self.is_over = True
        self.join()
        self.client.close()

    def arrive(self) -> int | None:
        """The next vehicle; the office's revision after it."""
        if not self.coming:
            return None
        book = self.coming[0]
        body = {"scan_id": str(uuid.uuid4()), "lane": self.random.choice((1, 2)), "input": book["code"]}
        if self._do("scan", "/scans", body):
            self.coming.pop(0)
        return self.revision()

    def revision(self) -> int:
        return self._get("/boards/PLG")["revision"]

    def _act(self) -> None:
        visits = self._get("/visits")["visits"]
        serving = [visit for visit in visits if visit["state"] == "serving" and visit["passports"]]
        called = [visit for visit in visits if visit["state"] == "called"]
        waiting = [visit for visit in visits if visit["state"] == "waiting"]
        if waiting and time.monotonic() - self.called_at > CALL_EVERY_S and len(called) < 2:
            self._call()
        elif serving and self.random.random() < 0.6:
            self._finish(self.random.choice(serving))
        elif called and self.random.random() < 0.5:
            visit = self.random.choice(called)
            self._move(visit, "no-show" if self.random.random() < ABSENT else "serve", visit["lane"])
        else:
            self.arrive()

    def _call(self) -> None:
        lane = self.random.choice((1, 2))
        visit = self._do("call", f"/lanes/{lane}/next", {})
        self.called_at = time.monotonic()
        if visit and self.random.random() < UNDONE:
            time.sleep(0.5)
            self._move(visit, "undo", lane)

    def _finish(self, visit: dict[str, Any]) -> None:
        mine = [self.by_passport.get(book["passport_id"]) for book in visit["passports"]]
        if not all(mine):
            self._move(visit, "leave", visit["lane"])
            return
        given = [
            {
                "passport_id": book["passport_id"],
                "book": book["passport_no"],
                "identity": {"birth_date": book["birth_date"]},
            }
            for book in mine
            if book
        ]
        collector = HOLDER if len(given) == 1 else RELATIVE
        body = {"key": str(uuid.uuid4()), "visit_id": visit["id"], "passports": given, "collector": collector}
        self._do("handover", "/handovers", {**body, "signature": SIGNATURE})

    def _move(self, visit: dict[str, Any], move: str, lane: int) -> None:
        self._do(move, f"/visits/{visit['id']}/{move}", {"lane": lane})

    def _do(self, name: str, path: str, body: dict[str, Any]) -> Any:
        answer = self.client.post(path, json=body)
        assert answer.status_code < 500, answer.text
        if answer.is_success:
            self.acknowledged[name] = self.acknowledged.get(name, 0) + 1
        return answer.json() if answer.is_success else None

    def _get(self, path: str) -> Any:
        return self.client.get(path).raise_for_status().json()


def _book(n: int) -> dict[str, Any]:
    return {
        "application_no": f"97{n:014d}",
        "passport_no": f"Z{n + 1000000:07d}",
        "holder_name": f"Contoh Badai {n}",
        "birth_date": "1991-02-03",
        "issued_on": clock.today().isoformat(),
        "shelf": f"N-01-{n:02d}",
        "nik": f"167102030291{n + 1:04d}",
    }
