"""One table of a file, as a reader of it sees it: rows with their numbers, and what of it is hidden."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ampera.passports.fields import FieldError

MAX_COLUMNS = 256  # a list of books has about ten
Row = tuple[int, list[Any]]


@dataclass
class Table:
    """A sheet of a workbook, or a whole CSV. The sets and merged areas are complete once the rows are read."""

    name: str
    rows: Iterator[Row]
    is_hidden: bool = False
    is_text: bool = False  # a CSV: one cell too many means that a separator is inside a text
    counts_from_1904: bool = False
    filled: int = 0  # rows with content, so far
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # top, left, bottom, right


class SheetRefused(Exception):
    """The whole file is refused, for the reasons in `problems`."""

    def __init__(self, *problems: FieldError) -> None:
        super().__init__(problems[0].code)
        self.problems = problems


def refused(code: str, **params: object) -> SheetRefused:
    """The refusal of a whole file with one reason."""
    return SheetRefused(FieldError("", code, params))
