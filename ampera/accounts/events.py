"""What happened to somebody's access."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccessEnded:
    """A sign-in, device, key or account of this office was ended."""

    office_id: int | None
