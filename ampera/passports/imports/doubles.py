"""Numbers of books that two applications claim: in one file, or in a file and on the shelf.

The number is what proves a book at the window. Two live books of an office never share number and kind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from ampera.passports import queries
from ampera.passports.fields import FieldError
from ampera.passports.queries import BookNumber

CODE = "duplicate_passport_no"
MOST_LINES = 5  # named in one sentence
SHOWN_DIGITS = 4  # of the other application: a guessed number must not find its holder


class Line(NamedTuple):
    """A row of a file: its sheet, and its number there."""

    sheet: str | None
    number: int

    def seen_from(self, sheet: str | None) -> str:
        """The number, with the name of the sheet when that is another one."""
        return str(self.number) if self.sheet == sheet else f"{self.number} ({self.sheet})"


@dataclass(frozen=True)
class Claims:
    """Who claims a number: applications of the file with their first line, and applications of live books."""

    lines: dict[BookNumber, dict[str, Line]]
    live: dict[BookNumber, set[str]]

    def problems(self, number: BookNumber, application_no: str, sheet: str | None) -> tuple[FieldError, ...]:
        """Why this application, in a row of `sheet`, cannot bring this number to the shelf; empty when it can."""
        claiming = self.lines.get(number, {})
        others = [line.seen_from(sheet) for other, line in claiming.items() if other != application_no]
        if others:
            rows = ", ".join(others[:MOST_LINES]) + (" …" if len(others) > MOST_LINES else "")
            return (FieldError("passport_no", CODE, {"rows": rows}, number.passport_no),)
        if shelved := sorted(self.live.get(number, set()) - {application_no}):
            params = {"application": f"…{shelved[0][-SHOWN_DIGITS:]}"}
            return (FieldError("passport_no", CODE, params, number.passport_no),)
        return ()

    def is_doubled(self, number: BookNumber) -> bool:
        """Whether two live books have this number already, from before the rule."""
        return len(self.live.get(number, ())) > 1


def claims(session: Session, office_id: int, rows: Iterable[tuple[Line, str, BookNumber]], more: set[str]) -> Claims:
    """The claims of these rows (line, application, number), and of the shelf for their numbers and for `more`."""
    lines: dict[BookNumber, dict[str, Line]] = {}
    for line, application_no, number in rows:
        lines.setdefault(number, {}).setdefault(application_no, line)
    numbers = {number.passport_no for number in lines} | more
    return Claims(lines, queries.live_applications(session, office_id, numbers))
