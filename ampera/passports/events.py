"""What happened to a book."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BookChanged:
    """A book's state, shelf or contact data changed after it was taken in."""

    office_id: int
    passport_id: int
