"""What a notice has to say, looked up when it leaves: None when it is no longer true, so that nobody is told wrongly.

A code that was replaced since, a vehicle that came back, a window that was moved: what is told is how things are now.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.bookings import queries as bookings
from ampera.bookings.models import Booking
from ampera.handovers.models import Handover
from ampera.notices.content import default_texts
from ampera.offices import document_labels
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.deadlines import collect_by, is_overdue
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups.models import PickupCode
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.states import DIVERTED

WINDOW = timedelta(minutes=default_texts.SLOT_MINUTES)


@dataclass(frozen=True)
class Subject:
    """What a notice is about, as it is now: the office, the newest code, and the books of its pickup."""

    notice: Any
    office: Office
    code: PickupCode
    books: Sequence[Any]
    today: date
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def named(self) -> list[Any]:
        """The books that the notice names, else all."""
        only = self.facts.get("passports")
        return [book for book in self.books if only is None or book.id in only]

    @property
    def open(self) -> list[Any]:
        """Those that can still be collected in time."""
        return [
            book for book in self.named if book.state == "ready" and not is_overdue(self.last_day(book), self.today)
        ]

    @property
    def deadline(self) -> date | None:
        return min(map(self.last_day, self.open), default=None)

    def last_day(self, book: Any) -> date:
        return collect_by(book.issued_on, self.office.options, book.late_until)


@dataclass(frozen=True)
class Told:
    """What there is to say: the books it is about, and the fields that only some kinds have."""

    subject: Subject
    books: Sequence[Any]
    with_qr: bool

    def values(self, language: str, first_name: str, link: str) -> dict[str, str]:
        """Every field of the kind in words."""
        office, facts = self.subject.office, self.subject.facts
        name = office_name(office, language)
        found = {
            "first_name": first_name or default_texts.SOMEBODY[language],
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
            found["collector"] = default_texts.COLLECTORS[language].get(facts["collector"], facts["collector"])
        return found


def told(session: Session, notice: Any) -> Told | None:
    """What this notice says now. None: it is not true any more, or there is no page to send anybody to."""
    office = session.get_one(Office, notice.office_id)
    code = session.scalars(_NEWEST_CODE, {"pickup": notice.pickup_id}).first()
    if code is None:
        return None
    books = session.execute(_BOOKS, {"pickup": notice.pickup_id}).all()
    subject = Subject(notice, office, code, books, clock.today(office.timezone), notice.facts)
    about = _ABOUT[notice.kind](session, subject)
    if not about:
        return None
    with_qr = code.state == "current" and bool(subject.open) and notice.kind in WITH_QR
    return Told(subject, about, with_qr)


def documents_in_words(options: dict[str, Any], kinds: Sequence[str], language: str) -> str:
    """`paspor`, `2 paspor`, `2 paspor dan 1 izin tinggal`; in English `the passport`, `2 passports`."""
    said = document_labels.words(options, kinds, language)
    if len(kinds) != 1:
        return said
    return ("the " if language == "en" else "") + said.removeprefix("1 ")


def days_in_words(deadline: date | None, today: date) -> dict[str, str]:
    if deadline is None:
        return {"deadline": "", "days": ""}
    return {"deadline": default_texts.day(deadline), "days": str((deadline - today).days)}


def office_name(office: Office, language: str) -> str:
    return (office.name_en if language == "en" else "") or office.name


def moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def _waiting(_session: Session, subject: Subject) -> list[Any]:
    return subject.open if subject.code.state == "current" else []


def _reissued(session: Session, subject: Subject) -> list[Any]:
    """A newer code has a notice of its own."""
    is_newest = subject.facts.get("generation") == subject.code.generation
    return _waiting(session, subject) if is_newest else []


def _until(session: Session, subject: Subject) -> list[Any]:
    """The day that it is about is still the day."""
    deadline = subject.deadline
    is_so = deadline is not None and deadline.isoformat() == subject.facts["deadline"]
    return _waiting(session, subject) if is_so else []


def _booked(session: Session, subject: Subject) -> list[Any]:
    """Not while the office does not serve then: that has a notice of its own."""
    booking = _booking(session, subject)
    is_so = booking is not None and _is_served(session, subject, booking)
    return _waiting(session, subject) if is_so else []


def _slot_off(session: Session, subject: Subject) -> list[Any]:
    """Still the same closing. Who was told hears nothing when the window is served again: then the page is right."""
    booking = _booking(session, subject)
    if booking is None or clock.iso(booking.off_since) != subject.facts["since"]:
        return []
    return [] if _is_served(session, subject, booking) else _waiting(session, subject)


def _booking(session: Session, subject: Subject) -> Booking | None:
    """The booking that the notice is about: not given back, moved, used or over."""
    booking = session.get(Booking, subject.notice.pickup_id)
    if booking is None or booking.used_at or booking.sequence != subject.facts["sequence"]:
        return None
    is_it = clock.iso(booking.starts_at) == subject.facts["starts_at"]
    return booking if is_it and booking.starts_at + WINDOW > clock.now() else None


def _is_served(session: Session, subject: Subject, booking: Booking) -> bool:
    calendar = bookings.calendar_of(session, subject.office, clock.now())
    return calendar.is_served(clock.local(booking.starts_at, subject.office.timezone))


def _collecting(session: Session, subject: Subject) -> list[Any]:
    """Not once everything went out: then its own notice says so, and asks the same."""
    key = (subject.facts["visit"], subject.notice.pickup_id)
    came = session.get(VisitPickup, key)
    return [book for book in subject.books if book.state == "ready"] if came and came.out_at is None else []


def _collected(session: Session, subject: Subject) -> list[Any]:
    """Without what was voided since."""
    given = set(session.scalars(_GIVEN, {"books": [book.id for book in subject.named]}))
    return [book for book in subject.named if book.id in given]


def _cancelled(_session: Session, subject: Subject) -> list[Any]:
    return [book for book in subject.named if book.state == "cancelled"]


def _diverted(session: Session, subject: Subject) -> list[Any]:
    visit = session.get(Visit, subject.facts["visit"])
    is_so = visit is not None and visit.state == DIVERTED and clock.iso(visit.since) == subject.facts["since"]
    return [book for book in subject.books if book.state in ON_SHELF] if is_so else []


def _link(_session: Session, subject: Subject) -> Sequence[Any]:
    return subject.books if subject.code.state != "revoked" else []


_ABOUT: dict[str, Callable[[Session, Subject], Sequence[Any]]] = {
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
_GIVEN = select(Handover.passport_id).where(
    Handover.passport_id.in_(bindparam("books", expanding=True)), Handover.voided_at.is_(None)
)
