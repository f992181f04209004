"""What happened to an office."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OfficeChanged:
    """Its lanes, hours, message or options changed: whoever shows them must look again."""

    office_id: int
