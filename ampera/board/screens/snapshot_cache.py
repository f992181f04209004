"""What many ask in the same moment is read once: an answer serves while the revision stands, a second at most."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

KEPT_FOR = timedelta(seconds=1)

Answer = TypeVar("Answer")


class Kept(Generic[Answer]):
    """The newest answer to each question."""

    def __init__(self) -> None:
        self.newest: dict[Hashable, tuple[int, datetime, Answer]] = {}

    def of(self, question: Hashable, revision: int, at: datetime, read: Callable[[], Answer]) -> Answer:
        """The kept answer, or what `read()` gives now. `revision` was read before, in the transaction that reads."""
        kept = self.newest.get(question)
        if kept is None or kept[0] != revision or abs(at - kept[1]) > KEPT_FOR:
            kept = self.newest[question] = revision, at, read()
        return kept[2]
