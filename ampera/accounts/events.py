"""Events about the access of staff, devices and keys."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccessEnded:
    """A sign-in, device, key or account of this office was ended."""

    office_id: int | None


@dataclass(frozen=True)
class DeviceChanged:
    """A display was enrolled, changed or tested."""

    office_id: int
    device_id: int
