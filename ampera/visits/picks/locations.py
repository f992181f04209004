"""The places of a ready book besides its shelf, and the acts of a clerk: one table decides."""

from dataclasses import dataclass

from ampera.errors import Refusal
from ampera.offices.refusals import OfficeRefusal
from ampera.visits.refusals import VisitRefusal

TAKEN, AT_WINDOW, MISSING = "taken", "at_window", "missing"
MOST = 200  # books of one act
SHELF = None  # the book is on its shelf: there is no row


@dataclass(frozen=True)
class Act:
    """What happens to books in one of the states `before`. `action` names the audit row."""

    before: tuple[str | None, ...]
    after: str | None
    action: str
    roles: tuple[str, ...] = ("desk", "supervisor")


ACTS = {
    "take": Act((SHELF,), TAKEN, "passport.picked"),
    "hand": Act((SHELF, TAKEN, AT_WINDOW, MISSING), AT_WINDOW, "passport.at_window", ("desk", "supervisor", "officer")),
    "missing": Act((SHELF, TAKEN, AT_WINDOW), MISSING, "passport.not_found"),
    "found": Act((MISSING,), TAKEN, "passport.found"),
    "take_back": Act((AT_WINDOW,), TAKEN, "passport.taken_back"),
    "shelve": Act((TAKEN, AT_WINDOW, MISSING), SHELF, "passport.shelved"),
}


def refusal(act: str, book_state: str, pick: str | None) -> str:
    """The code of the reason why the act did not move a book in this state."""
    if book_state != "ready":
        return VisitRefusal.NOT_READY
    if act == "take" and pick == MISSING:
        return VisitRefusal.BOOK_MISSING
    if (act in ("take", "found") and pick in (TAKEN, AT_WINDOW)) or (act == "take_back" and pick == TAKEN):
        return VisitRefusal.TAKEN_BY_OTHER
    return OfficeRefusal.UNKNOWN_LANE if act == "hand" else Refusal.WRONG_STATE
