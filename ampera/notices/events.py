"""Events of the outbox."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoticesWritten:
    """New notices or deliveries wait: the workers are woken."""
