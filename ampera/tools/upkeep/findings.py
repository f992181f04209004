"""What a check of the doctor finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One check: its name, its result, and a sentence with the state or with what to do."""

    check: str
    ok: bool
    text: str
