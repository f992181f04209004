"""The throttle before the database: few transactions of one office have a connection, the others wait here.

Transactions of an office wait for each other anyway. If each waited with a connection, one busy office would take the
connections of all others. Those that wait go in the order in which they came.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import TimeoutError

INSIDE = 2  # of one office: one works, the next one already waits in the database
MOST_WAITING = 100  # of one office; the next one is refused at once (503)
SECONDS = 5.0  # that one waits at most


class Throttle:
    """Works on gevent's loop and, in commands and tests, between threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inside: dict[int, int] = {}
        self.waiting: dict[int, deque[threading.Event]] = {}

    @contextmanager
    def enter(self, office_id: int | None) -> Iterator[None]:
        """Run the block when it is this transaction's turn. Raises TimeoutError, which is answered 503 "busy"."""
        if office_id is None:
            yield
            return
        self._come(office_id)
        try:
            yield
        finally:
            self._leave(office_id)

    def count_waiting(self) -> int:
        return sum(map(len, list(self.waiting.values())))

    def _come(self, office_id: int) -> None:
        with self.lock:
            inside = self.inside.get(office_id, 0)
            if inside < INSIDE:
                self.inside[office_id] = inside + 1
                return
            queue = self.waiting.setdefault(office_id, deque())
            if len(queue) >= MOST_WAITING:
                raise TimeoutError("too many transactions of one office")
            turn = threading.Event()
            queue.append(turn)
        self._wait(office_id, turn)

    def _wait(self, office_id: int, turn: threading.Event) -> None:
        """Wait for the place that another transaction passes on."""
        try:
            if turn.wait(SECONDS):
                return
        except BaseException:  # the request was ended while it waited
            if not self._give_up(office_id, turn):
                self._leave(office_id)
            raise
        if self._give_up(office_id, turn):
            raise TimeoutError("a transaction waited too long for others of its office")

    def _give_up(self, office_id: int, turn: threading.Event) -> bool:
        """Whether this transaction has left the queue; False when it was given the place in the last moment."""
        with self.lock:
            if turn.is_set():
                return False
            self.waiting[office_id].remove(turn)
            if not self.waiting[office_id]:
                del self.waiting[office_id]
            return True

    def _leave(self, office_id: int) -> None:
        with self.lock:
            if queue := self.waiting.get(office_id):
                queue.popleft().set()  # the place is passed on, so that nobody who comes now takes it
                if not queue:
                    del self.waiting[office_id]
            elif self.inside[office_id] > 1:
                self.inside[office_id] -= 1
            else:
                del self.inside[office_id]
