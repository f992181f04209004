"""The states of a book and the moves between them. A move that is not in the table is refused."""

from enum import StrEnum


class State(StrEnum):
    """Where a book is on its way to its owner."""

    READY = "ready"
    HELD = "held"
    COLLECTED = "collected"
    CANCELLED = "cancelled"


# Move -> the states that allow it, and the state after it.
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "hold": (frozenset({State.READY}), State.HELD),
    "release": (frozenset({State.HELD}), State.READY),
    "cancel": (frozenset({State.READY, State.HELD}), State.CANCELLED),
    "hand over": (frozenset({State.READY}), State.COLLECTED),
    "void": (frozenset({State.COLLECTED}), State.READY),
}
ON_SHELF = frozenset({State.READY, State.HELD})
