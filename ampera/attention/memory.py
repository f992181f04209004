"""What the slow kinds have found: read every few minutes beside the requests, and kept in the process in between."""

import time
from typing import Any

from sqlalchemy.orm import Session

from ampera.attention.kind import Place
from ampera.attention.kinds.registry import KINDS

KEPT_SECONDS = 300


class Memory:
    """By office, and by the name of the kind."""

    def __init__(self) -> None:
        self.found: dict[int, dict[str, Any]] = {}
        self.read_at: dict[int, float] = {}  # by the monotonic clock

    def of(self, office_id: int) -> dict[str, Any]:
        return self.found.get(office_id, {})

    def is_old(self, office_id: int) -> bool:
        read_at = self.read_at.get(office_id)
        return read_at is None or time.monotonic() - read_at >= KEPT_SECONDS


def of_app(extensions: dict[str, Any]) -> Memory:
    return extensions.setdefault("ampera.attention", Memory())


def refresh(session: Session, place: Place, memory: Memory) -> dict[str, Any]:
    """Prepare the slow kinds of an office again."""
    memory.read_at[place.office.id] = time.monotonic()  # first: who asks meanwhile waits for no second read
    before = memory.of(place.office.id)
    found = {kind.name: kind.prepare(session, place, before.get(kind.name)) for kind in KINDS if kind.prepare}
    memory.found[place.office.id] = found
    return found
