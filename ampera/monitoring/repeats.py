"""Lines of the log that repeat. The first ones of a minute are written; the next line says how many more there were.

A stranger decides how often a request is refused, and a broken network how often a connection fails. Neither may fill
a disk or hide the lines between.
"""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any

from structlog import DropEvent

PERIOD = 60.0  # seconds
MOST_REQUESTS = 120  # lines in a period about strangers' requests with the same route and status
MOST_OTHERS = 5
STRANGER = "of_stranger"  # the mark of such a line, which is not written
KINDS = 2_000  # that are remembered; the oldest is forgotten
PARTS = ("event", "level", "route", "status", "said", "logger", "place", "kind", "cause")


class Repeats:
    """A processor of structlog."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.counts: dict[Hashable, tuple[float, int]] = {}  # since when, and how many
        self.lock = threading.Lock()

    def __call__(self, _logger: object, _name: str, line: Any) -> Any:
        """The line, with `more` when others like it were left out. Raises DropEvent for one too many."""
        is_request = line.get("event") == "request"
        if is_request and not line.pop(STRANGER, False):
            return line
        kind = tuple(str(line.get(part)) for part in PARTS) + tuple(line.get("failure", ()))
        most = MOST_REQUESTS if is_request else MOST_OTHERS
        with self.lock:
            now = self.now()
            since, count = self.counts.pop(kind, (now, 0))
            if now - since >= PERIOD:
                left_out, since, count = max(0, count - most), now, 0
            else:
                left_out = 0
            self.counts[kind] = since, count + 1
            if len(self.counts) > KINDS:
                self.counts.pop(next(iter(self.counts)))
        if count >= most:
            raise DropEvent
        return {**line, "more": left_out} if left_out else line
