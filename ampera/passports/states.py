"""The states of a book and the moves between them. Whatever is not in the table does not happen."""

from enum import StrEnum


class State(StrEnum):
    """Where a book is on its way to its owner."""

    READY = "ready"
    HELD = "held"
    COLLECTED = "collected"
    CANCELLED = "cancelled"


# What is done → the states it may be done in, and the one it leads to.
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "hold": (frozenset({State.READY}), State.HELD),
    "release": (frozenset({State.HELD}), State.READY),
    "cancel": (frozenset({State.READY, State.HELD}), State.CANCELLED),
    "hand over": (frozenset({State.READY}), State.COLLECTED),
    "void": (frozenset({State.COLLECTED}), State.READY),
}
ON_SHELF = frozenset({State.READY, State.HELD})
