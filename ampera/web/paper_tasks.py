"""PDF files for applicants: drawn one at a time, on a thread that does nothing else, and kept for a while.

Drawing takes a third of a second of pure Python. The threads that hash passwords and write to the database are others.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from flask import current_app

from ampera import db
from ampera.errors import Problem, Refusal
from ampera.web.rates import TURNED_AWAY

KEPT = 200  # files of about 30 KB
MOST_WAITING = 12
PER_LINK = "12/minute"


class Papers:
    """The newest files by what is on them."""

    def __init__(self) -> None:
        self.kept: OrderedDict[bytes, bytes] = OrderedDict()
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

    def _known(self, key: bytes) -> bytes | None:
        if key in self.kept:
            self.kept.move_to_end(key)
        return self.kept.get(key)

    def _keep(self, key: bytes, content: bytes) -> bytes:
        self.kept[key] = content
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
