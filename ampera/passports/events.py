"""What happened to a book."""

from dataclasses import dataclass

from ampera.audit import Actor


@dataclass(frozen=True)
class BookChanged:
    """A book's state, shelf or contact data changed after it was taken in."""

    office_id: int
    passport_id: int


@dataclass(frozen=True)
class BooksTakenIn:
    """New books stand on the shelves: (id, group) of each. They get their pickups in the same transaction."""

    actor: Actor
    office_id: int
    books: tuple[tuple[int, str | None], ...]
