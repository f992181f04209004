"""What happened to somebody's access."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccessEnded:
    """A sign-in, device, key or account of this office was ended."""

    office_id: int | None


@dataclass(frozen=True)
class DeviceChanged:
    """A display was enrolled, renamed, moved, made louder or asked to be heard."""

    office_id: int
    device_id: int
