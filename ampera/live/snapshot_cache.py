"""A cache of small states that many clients ask for at once: one answer serves while its revision is current."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from flask import current_app

MAX_AGE = timedelta(seconds=1)

Answer = TypeVar("Answer")


class SnapshotCache(Generic[Answer]):
    """The newest answer for each key."""

    def __init__(self) -> None:
        self.newest: dict[Hashable, tuple[int, datetime, Answer]] = {}

    def get(self, key: Hashable, revision: int, at: datetime, read: Callable[[], Answer]) -> Answer:
        """The cached answer, or the result of `read()` when that answer is older than MAX_AGE or of another revision.

        The caller has read `revision` in the transaction that `read` uses.
        """
        entry = self.newest.get(key)
        if entry is None or entry[0] != revision or abs(at - entry[1]) > MAX_AGE:
            entry = self.newest[key] = revision, at, read()
        return entry[2]


def shared(name: str) -> SnapshotCache[Any]:
    """The cache of this name that all requests of the app share."""
    return current_app.extensions.setdefault(f"ampera.{name}", SnapshotCache())
