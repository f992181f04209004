"""A look: one entry of the history that says that somebody has seen personal data, and how."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

# How somebody saw a person's data -> the actions of the history. An action that ends with a dot has a verdict after it.
KINDS: dict[str, tuple[str, ...]] = {
    "page": ("passport.viewed", "handover.viewed"),
    "signature": ("handover.signature_viewed",),
    "search": ("search.made",),
    "scan": ("scan.", "lookup."),
    "list": ("register.viewed",),
    "visits": ("visits.listed",),
    "export": ("register.pdf", "register.xlsx"),
    "rack": ("shelf.checked",),
    "corrections": ("corrections.viewed",),
    "receipt": ("receipt.checked",),
    "requests": ("requests.viewed",),
    "attention": ("attention.viewed",),
    "copy": ("privacy.exported",),
}
# Entries about an office, which name the people in their details.
OF_MANY = ("search", "list", "visits", "export", "corrections", "requests", "attention")
COUNTS_OF_A_RACK = ("here", "missing", "away", "foreign", "surplus")
PAGES = ("page", "signature")  # of one person
FEW = 3  # hits of a search that was for somebody


@dataclass(frozen=True)
class Look:
    """Who has seen whom. `people` are ids of passports; for an export or a list only `rows` is known.

    `staff_id` is 0 for a command on the server, which has no account; `key_id` is the API key, None for a person.
    `mark` is equal for equal searches.
    """

    at: datetime
    kind: str
    staff_id: int
    key_id: int | None
    people: tuple[int, ...]
    rows: int
    mark: str | None


def kind_of(action: str) -> str | None:
    """The kind of look that an action of the history is; None when nobody has seen anything."""
    for kind, actions in KINDS.items():
        if any(action == name or (name.endswith(".") and action.startswith(name)) for name in actions):
            return kind
    return None


def chosen(look: Look) -> tuple[int, ...]:
    """The people whom somebody has looked for. At the lane the vehicle decides, in a list everybody is seen."""
    is_for_somebody = look.kind in PAGES or (look.kind == "search" and len(look.people) <= FEW)
    return look.people if is_for_somebody else ()


def rows_of(kind: str, details: dict[str, Any]) -> int:
    """How many rows of people a list or a file had."""
    if kind == "rack":
        return sum(details.get(name, 0) for name in COUNTS_OF_A_RACK)
    return next((int(details[name]) for name in ("hits", "rows", "proposals") if name in details), 0)
