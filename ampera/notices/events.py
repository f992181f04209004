"""What happened to the outbox."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoticesWritten:
    """There is something to tell people: whoever sends need not wait for its next look."""
