"""What happened to books."""

from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True)
class BookCancelled:
    """A passport was cancelled by a supervisor: its book is not given out any more."""

    office_id: int
    passport_id: int


@dataclass(frozen=True)
class LateAllowed:
    """A supervisor allowed one book to be collected until this day."""

    office_id: int
    passport_id: int
    until: date


@dataclass(frozen=True)
class ContactsChanged:
    """These books have another telephone number or e-mail address now."""

    office_id: int
    passport_ids: tuple[int, ...]


@dataclass(frozen=True)
class BookReleased:
    """A book that was kept for a check is ready again."""

    office_id: int
    passport_id: int
