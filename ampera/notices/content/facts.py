"""The facts of a notice, read when the message is sent. A notice that is no longer true is not sent.

A code may have been replaced since, a vehicle may have come back, a booking may have been moved: only the current
state is sent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ampera import clock, formats
from ampera.bookings import queries as bookings
from ampera.bookings.models import Booking
from ampera.handovers.models import Handover
from ampera.notices.content import default_texts
from ampera.notices.models import Notice
from ampera.offices import document_labels
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.deadlines import collect_by, is_overdue
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups.models import PickupCode
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.states import DIVERTED, OPEN

SLOT = timedelta(minutes=default_texts.SLOT_MINUTES)


class NoticeBook(NamedTuple):
    """A book of the pickup, with the columns that notices need."""

    id: int
    state: str
    kind: str
    issued_on: date
    late_until: date | None


@dataclass(frozen=True)
class NoticeSubject:
    """The current state of the subject of a notice: office, newest code, and the books of the pickup."""

    notice: Notice
    office: Office
    code: PickupCode
    books: Sequence[NoticeBook]
    today: date
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def named(self) -> list[NoticeBook]:
        """The books that the notice names, else all books of the pickup."""
        only = self.facts.get("passports")
        return [book for book in self.books if only is None or book.id in only]

    @property
    def open(self) -> list[NoticeBook]:
        """The named books that can still be collected in time."""
        return [
            book for book in self.named if book.state == "ready" and not is_overdue(self.last_day(book), self.today)
        ]

    @property
    def deadline(self) -> date | None:
        return min(map(self.last_day, self.open), default=None)

    def last_day(self, book: NoticeBook) -> date:
        return collect_by(book.issued_on, self.office.options, book.late_until)


@dataclass(frozen=True)
class NoticeContent:
    """The content of a notice that is true: its subject, the books that it concerns, and whether it has a QR."""

    subject: NoticeSubject
    books: Sequence[NoticeBook]
    with_qr: bool

    def values(self, language: str, first_name: str, link: str) -> dict[str, str]:
        """The value of every field of this kind, as text in this language."""
        office, facts = self.subject.office, self.subject.facts
        name = office_name(office, language)
        found = {
            "first_name": first_name or default_texts.in_language(default_texts.SOMEBODY, language),
            "link": link,
            "office": name,
            "books": str(len(self.books)),
            "documents": documents_in_words(office.options, [book.kind for book in self.books], language),
            "contact": option(office.options, "contact") or name,
            **days_in_words(self.subject.deadline, self.subject.today),
        }
        if "starts_at" in facts:
            found["slot"] = default_texts.slot(moment(facts["starts_at"]), office.timezone, language)
        if "at" in facts:
            found["time"] = default_texts.moment(moment(facts["at"]), office.timezone, language)
        if "collector" in facts:
            found["collector"] = default_texts.collectors(facts["collector"], language)
        return found


def content_of(session: Session, notice: Notice) -> NoticeContent | None:
    """The content of this notice; None when the notice is no longer true, or the pickup has no code."""
    office = session.get_one(Office, notice.office_id)
    code = session.scalars(_NEWEST_CODE, {"pickup": notice.pickup_id}).first()
    if code is None:
        return None
    books = [NoticeBook._make(row) for row in session.execute(_BOOKS, {"pickup": notice.pickup_id})]
    subject = NoticeSubject(notice, office, code, books, clock.today(office.timezone), notice.facts)
    concerned = _CONCERNED[notice.kind](session, subject)
    if not concerned:
        return None
    with_qr = code.state == "current" and bool(subject.open) and notice.kind in WITH_QR
    return NoticeContent(subject, concerned, with_qr)


def documents_in_words(options: dict[str, Any], kinds: Sequence[str], language: str) -> str:
    """`paspor`, `2 paspor`, `2 paspor dan 1 izin tinggal`; in English `the passport`, `2 passports`."""
    text = document_labels.words(options, kinds, language)
    if len(kinds) != 1:
        return text
    return ("the " if language == "en" else "") + text.removeprefix("1 ")


def days_in_words(deadline: date | None, today: date) -> dict[str, str]:
    """The fields `deadline` and `days`; empty texts without a deadline."""
    if deadline is None:
        return {"deadline": "", "days": ""}
    return {"deadline": formats.date(deadline), "days": str((deadline - today).days)}


def office_name(office: Office, language: str) -> str:
    """The name of the office in this language."""
    return (office.name_en if language == "en" else "") or office.name


def moment(iso: str) -> datetime:
    """The aware datetime of an ISO text in `facts`."""
    return datetime.fromisoformat(iso)


def _waiting(_session: Session, subject: NoticeSubject) -> list[NoticeBook]:
    return subject.open if subject.code.state == "current" else []


def _reissued(session: Session, subject: NoticeSubject) -> list[NoticeBook]:
    """Only about the newest code: a newer code has a separate notice."""
    is_newest = subject.facts.get("generation") == subject.code.generation
    return _waiting(session, subject) if is_newest else []


def _until(session: Session, subject: NoticeSubject) -> list[NoticeBook]:
    """Only while the last day is still the day of the notice."""
    deadline = subject.deadline
    is_same = deadline is not None and deadline.isoformat() == subject.facts["deadline"]
    return _waiting(session, subject) if is_same else []


def _booked(session: Session, subject: NoticeSubject) -> list[NoticeBook]:
    """Only while the office serves the slot: a closure has a separate notice."""
    booking = _booking(session, subject)
    is_served = booking is not None and _is_served(session, subject, booking)
    return _waiting(session, subject) if is_served else []


def _slot_off(session: Session, subject: NoticeSubject) -> list[NoticeBook]:
    """Only while the same closure lasts. After a reopening the page shows the booking again."""
    booking = _booking(session, subject)
    if booking is None or clock.iso(booking.off_since) != subject.facts["since"]:
        return []
    return [] if _is_served(session, subject, booking) else _waiting(session, subject)


def _booking(session: Session, subject: NoticeSubject) -> Booking | None:
    """The booking of the notice; None when it was returned, moved or used, or when the slot is over."""
    booking = session.get(Booking, subject.notice.pickup_id)
    if booking is None or booking.used_at or booking.sequence != subject.facts["sequence"]:
        return None
    is_same = clock.iso(booking.starts_at) == subject.facts["starts_at"]
    return booking if is_same and booking.starts_at + SLOT > clock.now() else None


def _is_served(session: Session, subject: NoticeSubject, booking: Booking) -> bool:
    calendar = bookings.calendar_of(session, subject.office, clock.now())
    return calendar.is_served(clock.local(booking.starts_at, subject.office.timezone))


def _collecting(session: Session, subject: NoticeSubject) -> list[NoticeBook]:
    """Only while the visit is open and a book is ready: then `collected` asks the same question."""
    key = (subject.facts["visit"], subject.notice.pickup_id)
    membership = session.get(VisitPickup, key)
    visit = session.get(Visit, subject.facts["visit"])
    is_in = membership is not None and membership.out_at is None and visit is not None and visit.state in OPEN
    return [book for book in subject.books if book.state == "ready"] if is_in else []


def _collected(session: Session, subject: NoticeSubject) -> list[NoticeBook]:
    """Only books whose handover was not voided."""
    handed_over = set(session.scalars(_HANDED_OVER, {"books": [book.id for book in subject.named]}))
    return [book for book in subject.named if book.id in handed_over]


def _cancelled(_session: Session, subject: NoticeSubject) -> list[NoticeBook]:
    return [book for book in subject.named if book.state == "cancelled"]


def _diverted(session: Session, subject: NoticeSubject) -> list[NoticeBook]:
    visit = session.get(Visit, subject.facts["visit"])
    is_same = visit is not None and visit.state == DIVERTED and clock.iso(visit.since) == subject.facts["since"]
    return [book for book in subject.books if book.state in ON_SHELF] if is_same else []


def _link(_session: Session, subject: NoticeSubject) -> Sequence[NoticeBook]:
    return subject.books if subject.code.state != "revoked" else []


def _changed(_session: Session, subject: NoticeSubject) -> Sequence[NoticeBook]:
    """What has happened stays true, also when the book has been collected since."""
    return subject.named


_CONCERNED: dict[str, Callable[[Session, NoticeSubject], Sequence[NoticeBook]]] = {
    "ready": _waiting,
    "reissued": _reissued,
    "reminder": _until,
    "extended": _until,
    "booked": _booked,
    "slot_reminder": _booked,
    "slot_off": _slot_off,
    "collecting": _collecting,
    "collected": _collected,
    "cancelled": _cancelled,
    "diverted": _diverted,
    "link": _link,
    "details_changed": _changed,
}
WITH_QR = ("ready", "reissued", "reminder", "extended", "booked", "slot_reminder", "link")

_NEWEST_CODE = (
    select(PickupCode)
    .where(PickupCode.pickup_id == bindparam("pickup"))
    .order_by(PickupCode.generation.desc())
    .limit(1)
)
_BOOKS = (
    select(Passport.id, Passport.state, Passport.kind, Passport.issued_on, Passport.late_until)
    .where(Passport.pickup_id == bindparam("pickup"))
    .order_by(Passport.id)
)
_HANDED_OVER = select(Handover.passport_id).where(
    Handover.passport_id.in_(bindparam("books", expanding=True)), Handover.voided_at.is_(None)
)
