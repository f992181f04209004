"""PDF files for applicants: drawn one at a time, on a thread that does nothing else, and kept for a while.

Drawing takes a third of a second of pure Python. The threads that hash passwords and write to the database are others.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from flask import current_app

from ampera import db, tasks
from ampera.errors import Problem, Refusal
from ampera.web.rates import TURNED_AWAY

KEPT = 200  # files of about 30 KB
KEPT_SECONDS = 300.0  # in which a phone loads its file again, or a clerk prints it again
FORGET_EVERY = 60  # seconds
MOST_WAITING = 12
PER_LINK = "12/minute"


class Papers:
    """The files of the last minutes by what is on them, the oldest first. They hold names: none stays longer."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.kept: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        self.now = now
        self.waiting = 0
        self.lock = threading.Lock()
        self.pool: Any = None

    def draw(self, kind: str, content: object, make: Callable[[], bytes]) -> bytes:
        """The file with this content. Raises Problem 503 when too many others wait."""
        text = repr((kind, content))
        if " at 0x" in text:
            raise TypeError("the content of a paper must be plain values, which its repr() tells apart")
        key = hashlib.sha256(text.encode()).digest()
        if (found := self._known(key)) is None:
            if self.waiting >= MOST_WAITING:
                TURNED_AWAY.labels("papers").inc()
                raise Problem(Refusal.UNAVAILABLE, 503)
            self.waiting += 1
            try:
                with self.lock:
                    found = self._known(key) or self._keep(key, self._on_own_thread(make))
            finally:
                self.waiting -= 1
        return found

    def forget_old(self) -> None:
        while self.kept and next(iter(self.kept.values()))[0] <= self.now() - KEPT_SECONDS:
            self.kept.popitem(last=False)

    def _known(self, key: bytes) -> bytes | None:
        self.forget_old()
        return self.kept[key][1] if key in self.kept else None

    def _keep(self, key: bytes, content: bytes) -> bytes:
        self.kept[key] = (self.now(), content)
        if len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return content

    def _on_own_thread(self, make: Callable[[], bytes]) -> bytes:
        if not db.gevent_is_patched():
            return make()
        from gevent.threadpool import ThreadPool

        self.pool = self.pool or ThreadPool(1)
        return self.pool.apply(make)


def draw(kind: str, content: object, make: Callable[[], bytes]) -> bytes:
    """The file with this content from the app's papers, drawn by `make` when it is new."""
    papers: Papers = current_app.extensions.setdefault("ampera.papers", Papers())
    return papers.draw(kind, content, make)


@tasks.every(FORGET_EVERY)
def forget_old() -> None:
    """Also when nobody asks for another paper."""
    if papers := current_app.extensions.get("ampera.papers"):
        papers.forget_old()
