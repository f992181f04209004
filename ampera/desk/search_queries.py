"""Finds books by what the desk types, pastes or scans: a code finds the books of its pickup, other text is searched."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.offices.models import Office
from ampera.passports.deadlines import collect_by
from ampera.passports.search import queries, ways
from ampera.pickups.codes import Code, ShortCode, fingerprint, recognise
from ampera.pickups.models import Pickup, PickupCode
from ampera.visits.queries import status_of
from ampera.visits.rows import BookState


@dataclass(frozen=True)
class Hit:
    """A found book with its last day and its status today: ready, overdue, held, collected or cancelled."""

    book: queries.FoundBook
    status: str
    last_day: date

    @property
    def is_here(self) -> bool:
        return self.status in ("ready", "overdue", "held")


def hits(session: Session, office: Office, text: str, today: date) -> list[Hit]:
    """Books of the office for this text, at most `queries.LIMIT`."""
    pickup_id = _pickup(session, office.id, text)
    books = queries.of_pickup(session, office.id, pickup_id) if pickup_id else queries.found(session, office.id, text)
    return [
        Hit(book, shown_status(book, office, today), collect_by(book.issued_on, office.options, book.late_until))
        for book in books
    ]


def is_guessable(text: str) -> bool:
    """Whether the text is looked up as a code or a whole book number. Such requests are rate-limited."""
    return recognise(text) is not None or ways.is_book_number(text)


def without_code(text: str) -> str:
    """The text as a page may repeat it: nothing of a whole pickup code, which opens a pickup."""
    return "" if isinstance(recognise(text), Code) else text


def shown_status(book: BookState, office: Office, today: date) -> str:
    """The status of the book as the desk shows it."""
    status = status_of(book, office.options, today)
    return "ready" if status == "ok" else status


def _pickup(session: Session, office_id: int, text: str) -> int | None:
    code = recognise(text)
    if isinstance(code, Code):
        condition = PickupCode.code_hash == fingerprint(code.text)
    elif isinstance(code, ShortCode):
        condition = PickupCode.booking_code == code.text
    else:
        return None
    query = select(PickupCode.pickup_id).join(Pickup, Pickup.id == PickupCode.pickup_id)
    return session.scalar(query.where(condition, Pickup.office_id == office_id))
