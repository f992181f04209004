"""What happened to books."""

from dataclasses import dataclass

from ampera.audit import Actor


@dataclass(frozen=True)
class BookChanged:
    """A book's state, shelf or contact data changed after it was taken in."""

    office_id: int
    passport_id: int


@dataclass(frozen=True)
class BooksTakenIn:
    """New books stand on the shelf, or known ones came into another group: `books` are (passport id, group).

    Whoever gives out codes does it during the transaction and sets each book's pickup. `left` are the pickups that
    regrouped books belonged to: one without books must not stay open.
    """

    actor: Actor
    office_id: int
    books: tuple[tuple[int, str | None], ...]
    left: tuple[int, ...] = ()
