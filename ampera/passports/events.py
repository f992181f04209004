"""Events of books."""

from dataclasses import dataclass, field
from datetime import date, datetime

from ampera.audit import Actor
from ampera.errors import ErrorCode, Refused


@dataclass(frozen=True)
class BookChanged:
    """The state, shelf or contact data of a book changed after the intake."""

    office_id: int
    passport_id: int


@dataclass(frozen=True)
class BooksTakenIn:
    """New books are on the shelf, or known books have another group. `books` are (passport id, group).

    The subscriber that issues codes runs in the transaction and sets the pickup of each book. `left` are the earlier
    pickups of regrouped books: a pickup without books must not stay open.
    """

    actor: Actor
    office_id: int
    books: tuple[tuple[int, str | None], ...]
    left: tuple[int, ...] = ()


@dataclass(frozen=True)
class UnlockDecided:
    """A supervisor decides at the lane to unlock a book. `refusals` receives why the book stays locked."""

    actor: Actor
    passport_id: int
    reason: str = ""
    refusals: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class LateDecided:
    """A supervisor decides at the lane to allow a late book until this day. `refusals` receives why it is not."""

    actor: Actor
    passport_id: int
    until: date
    reason: str
    refusals: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class CancellationAsked:
    """A supervisor asks to cancel a book. A subscriber during the transaction objects with the code of a refusal."""

    passport_id: int
    pickup_id: int | None
    objections: list[ErrorCode] = field(default_factory=list)


@dataclass(frozen=True)
class BookCancelled:
    """A supervisor cancelled a passport. Its book is not handed over any more."""

    office_id: int
    passport_id: int


@dataclass(frozen=True)
class LateAllowed:
    """A supervisor allowed a book to be collected until this day, after its deadline."""

    office_id: int
    passport_id: int
    until: date


@dataclass(frozen=True)
class FormerHolder:
    """Whom a book belonged to before a change, and the addresses of then."""

    passport_id: int
    holder_name: str
    phone: str | None
    email: str | None

    def address(self, needs: str) -> str | None:
        """The address that a channel needs: "email" or "phone"."""
        return self.email if needs == "email" else self.phone


@dataclass(frozen=True)
class ContactsChanged:
    """The telephone number or e-mail address of these books changed. `former` has the books that had one before."""

    office_id: int
    passport_ids: tuple[int, ...]
    former: tuple[FormerHolder, ...] = ()


@dataclass(frozen=True)
class HolderChanged:
    """A second person has confirmed other data of who a book belongs to."""

    office_id: int
    former: FormerHolder


@dataclass(frozen=True)
class CorrectionDecided:
    """A second person has decided a proposal about who a book belongs to: `state` is confirmed or rejected."""

    actor: Actor
    passport_id: int
    correction_id: int
    state: str
    proposed_at: datetime


@dataclass(frozen=True)
class BookReleased:
    """A held book is ready again."""

    office_id: int
    passport_id: int
