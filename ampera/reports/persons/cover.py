"""What a copy of somebody's data does not show while a book of this person waits: what proves the holder at the window.

A supervisor who could read it would know what has to be in the hand (promise I7). The copy says that it is held.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

HELD = "held, covered until the passport is handed over"
FIELDS = ("passport_no", "birth_date", "nik", "document_no")
HIDDEN = "•••"
# A typed text may quote any of them, or the last four digits, or a date: no number of four digits and no date stays.
_NUMBERS = re.compile(r"\d{1,2}[\W_]+[^\W\d_]{3,}[\W_]+\d{2,4}|\d(?:[\W_]*\d){3,}")


@dataclass(frozen=True)
class Cover:
    """Whether the proofs of this person are covered."""

    is_on: bool

    def value(self, name: str, value: Any) -> Any:
        """The value of a field as JSON takes it, or that it is held."""
        if self.is_on and name in FIELDS and value is not None:
            return HELD
        return value.isoformat() if isinstance(value, date) else value

    def text(self, text: str | None) -> str | None:
        """What somebody has typed, such as a reason."""
        return _NUMBERS.sub(HIDDEN, text) if self.is_on and text else text
