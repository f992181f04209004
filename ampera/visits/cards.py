"""The JSON of a visit and of a scan. Scans and handovers store these dictionaries for ever: keys are never renamed."""

from typing import Any, NotRequired, TypedDict


class ClaimCard(TypedDict):
    """The officer who serves a visit. `mine` is from the side of the viewer."""

    officer: str | None
    lane: int | None
    window: int | None
    since: str | None
    until: str | None
    mine: bool


class ParkedCard(TypedDict):
    """Since when a served vehicle waits at the side, and from when on it counts as forgotten."""

    at: str | None
    forgotten_at: str | None


AnnouncedCard = TypedDict("AnnouncedCard", {"class": str, "name": str | None, "relation": str | None})


class BookCard(TypedDict):
    """A book of a visit: its shelf, its status, and which kind of proof its holder gives (never the value)."""

    passport_id: int
    pickup_id: int
    holder_name: str
    state: str
    status: str
    locked: bool
    correcting: bool
    shelf: str
    kind: str
    holder: int
    identity: str
    pick: str | None
    pick_lane: int | None
    announced: AnnouncedCard | None
    found_by: str | None


class VisitCard(TypedDict):
    """A visit with its claim and its books. Times are ISO 8601 in UTC."""

    id: int
    queue_no: str
    state: str
    kind: str
    priority: str | None
    booked_for: str | None
    lane: int | None
    window: int | None
    site: str
    since: str | None
    opened_at: str | None
    calls: int
    called_at: str | None
    served_at: str | None
    parked_s: int
    plate_masked: str | None
    look: NotRequired[str | None]
    claim: ClaimCard | None
    parked: ParkedCard | None
    may_undo_until: str | None
    passports: list[BookCard]


def stored(card: VisitCard) -> VisitCard:
    """The card as a scan or a handover stores it: the word for the vehicle is known for one day only."""
    kept = card.copy()
    kept.pop("look", None)
    return kept


class ScanAnswer(TypedDict):
    """The stored answer of a scan. Title and advice are added in the reader's language when it is sent."""

    scan_id: str
    verdict: str
    tone: str
    next: str
    facts: dict[str, Any]
    pickup_id: int | None
    visit: VisitCard | None
