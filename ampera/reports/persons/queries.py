"""Everything that an office holds about one person, by the number of one application of this person.

A pickup and a car may carry other people: of these the copy has only who collects a book of this person.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from ampera import clock
from ampera.accounts.models import Staff
from ampera.bookings.models import AnnouncedCollector, Booking
from ampera.handovers.models import Handover
from ampera.notices.address_mask import masked
from ampera.notices.models import Delivery, Notice
from ampera.offices.models import Lane, Office
from ampera.passports.corrections.models import Correction
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.reports.access.queries import looks_at
from ampera.reports.days import Days
from ampera.reports.persons.cover import FIELDS, Cover
from ampera.reports.persons.models import PersonRequest
from ampera.sql.sealed import is_value
from ampera.visits.models import Arrival, Visit, VisitPickup

Rows = list[dict[str, Any]]
COMMAND = {"name": "ampera", "role": "command"}  # somebody who works on the server itself


@dataclass(frozen=True)
class Copy:
    """The sections of the copy by name, as JSON has them. Times are ISO 8601 in UTC."""

    passport_id: int
    application_no: str
    holder_name: str
    made_at: datetime
    is_covered: bool
    sections: dict[str, Rows]


def copy_of(session: Session, office: Office, application_no: str) -> Copy | None:
    """The copy for the holder of this application of the office; None without such an application.

    It reads long parts of the history: not for the loop that serves lanes.
    """
    of_office = (Passport.application_no == application_no, Passport.office_id == office.id)
    book = session.scalar(select(Passport).where(*of_office))
    if book is None:
        return None
    books = _books_of_holder(session, book)
    person = _Person(session, office, books, Cover(_is_awaited(session, books)))
    sections = {
        "books": person.books_held(),
        "contacts": person.contacts(),
        "announced_collectors": person.announced_collectors(),
        "bookings": person.bookings(),
        "arrivals": person.arrivals(),
        "messages": person.messages(),
        "visits": person.visits(),
        "register": person.register(),
        "corrections": person.corrections(),
        "requests": person.requests(),
        "looks": person.looks(),
    }
    return Copy(book.id, book.application_no, book.holder_name, clock.now(), person.cover.is_on, sections)


def as_json(copy: Copy, office: Office) -> dict[str, Any]:
    """The copy as a program takes it."""
    return {
        "office": {"code": office.code, "name": office.name},
        "application_no": copy.application_no,
        "holder_name": copy.holder_name,
        "made_at": clock.iso(copy.made_at),
        "covered": copy.is_covered,
        **copy.sections,
    }


def counts(copy: Copy) -> dict[str, Any]:
    """What was given out, as the history keeps it: how many rows of each section, and whether proofs are covered."""
    return {"sections": {name: len(rows) for name, rows in copy.sections.items()}, "covered": copy.is_covered}


def _books_of_holder(session: Session, book: Passport) -> list[Passport]:
    """The holder's books of this office, oldest first. Two NIKs are two people, also with one name and birth date."""
    found = session.scalars(_like([book]).where(Passport.office_id == book.office_id).order_by(Passport.id))
    return [other for other in found if other.id == book.id or _is_of_holder(other, book)]


def _is_of_holder(other: Passport, book: Passport) -> bool:
    if other.nik:
        return other.nik == book.nik
    return _name(other) == _name(book)


def _is_awaited(session: Session, books: Collection[Passport]) -> bool:
    """Whether a book that may be of this person waits, in any office: its proofs are the same there."""
    names, numbers = {_name(book) for book in books}, {book.nik for book in books if book.nik}
    waiting = session.scalars(_like(books).where(Passport.state.in_(ON_SHELF)))
    return any(_name(book) in names or book.nik in numbers for book in waiting)


def _name(book: Passport) -> tuple[str, date]:
    return book.name_key, book.birth_date


def _like(books: Collection[Passport]) -> Select[Passport]:
    """Books with the name or the NIK of one of these. Their birth dates are encrypted: the caller compares them."""
    numbers = [is_value(Passport.nik, book.nik) for book in books if book.nik]
    return select(Passport).where(or_(Passport.name_key.in_([book.name_key for book in books]), *numbers))


class _Person:
    """The sections of one person's copy."""

    def __init__(self, session: Session, office: Office, books: Sequence[Passport], cover: Cover) -> None:
        self.session, self.office, self.books, self.cover = session, office, books, cover
        self.ids = [book.id for book in books]
        self.pickups = {book.pickup_id for book in books if book.pickup_id is not None}
        shared = select(Passport.pickup_id).where(Passport.pickup_id.in_(self.pickups), Passport.id.not_in(self.ids))
        self.shared = set(session.scalars(shared))
        self.addresses = {address for book in books for address in (book.phone, book.email) if address}

    def books_held(self) -> Rows:
        fields = ("kind", "holder_name", *FIELDS, "issued_on", "state", "shelf")
        times = ("created_at", "updated_at", "collected_at", "locked_at")
        return [
            {
                "application_no": book.application_no,
                **{name: self.cover.value(name, getattr(book, name)) for name in fields},
                "held_reason": self.cover.text(book.held_reason),
                "late_until": _plain(book.late_until),
                "wrong_tries": book.misses,
                "is_in_group": book.group_name is not None,
                **{name: clock.iso(getattr(book, name)) for name in times},
            }
            for book in self.books
        ]

    def contacts(self) -> Rows:
        return [
            {"application_no": book.application_no, "phone": book.phone, "email": book.email}
            for book in self.books
            if book.phone or book.email
        ]

    def announced_collectors(self) -> Rows:
        columns = (AnnouncedCollector.collector_class, AnnouncedCollector.name, AnnouncedCollector.relation)
        found = select(*columns, AnnouncedCollector.at).where(AnnouncedCollector.pickup_id.in_(self.pickups))
        rows = self._rows(found.order_by(AnnouncedCollector.at))
        return [row | {"relation": self.cover.text(row["relation"])} for row in rows]

    def bookings(self) -> Rows:
        columns = (Booking.starts_at, Booking.kind, Booking.booked_at, Booking.used_at)
        return self._rows(select(*columns).where(Booking.pickup_id.in_(self.pickups)).order_by(Booking.starts_at))

    def arrivals(self) -> Rows:
        columns = (Arrival.kind, Arrival.at, Arrival.expires_at)
        return self._rows(select(*columns).where(Arrival.pickup_id.in_(self.pickups)).order_by(Arrival.at))

    def messages(self) -> Rows:
        """With masked addresses. Of a pickup with other people only those to an address of this person."""
        columns = (Notice.kind, Delivery.channel, Delivery.state, Delivery.address)
        found = select(*columns, Delivery.created_at, Delivery.ended_at).join(Notice, Notice.id == Delivery.notice_id)
        found = found.add_columns(Notice.pickup_id).where(Notice.pickup_id.in_(self.pickups)).order_by(Delivery.id)
        own = {*self.addresses, ""}
        rows = [row for row in self._rows(found) if row.pop("pickup_id") not in self.shared or row["address"] in own]
        return [{**row, "address": masked(row["address"]) if row["address"] else None} for row in rows]

    def visits(self) -> Rows:
        """The vehicles that came with a code of this person. Plate and priority may be of somebody else in the car."""
        times = (Visit.opened_at, Visit.called_at, Visit.served_at, Visit.ended_at, VisitPickup.out_at)
        columns = (Visit.id, Visit.queue_no, Visit.kind, Visit.state, Lane.number.label("lane"))
        of_car = (VisitPickup.found_by, Visit.plate, Visit.look, Visit.priority)
        found = select(*columns, *times, *of_car).join(VisitPickup, VisitPickup.visit_id == Visit.id)
        found = found.outerjoin(Lane, Lane.id == Visit.lane_id).where(VisitPickup.pickup_id.in_(self.pickups))
        rows = self._rows(found.order_by(Visit.id))
        others = select(VisitPickup.visit_id).join(Passport, Passport.pickup_id == VisitPickup.pickup_id)
        of_these = VisitPickup.visit_id.in_([row["id"] for row in rows])
        with_others = set(self.session.scalars(others.where(of_these, Passport.id.not_in(self.ids))))
        hidden = {"plate": None, "look": None, "priority": None}
        rows = [{**row, **(hidden if row["id"] in with_others else {})} for row in rows]
        return [{name: value for name, value in row.items() if name != "id"} for row in rows]

    def register(self) -> Rows:
        """The records of the register. Who collected is a part of the record; the document of the collector is not."""
        names = (
            "number", "at", "application_no", "holder_name", "kind", "passport_no", "collector_class", "collector_name",
            "shown", "identity_by", "book_by", "found_by", "officer_name", "lane_number", "office_name",
            "signature_sha256", "unsigned_reason", "voided_at", "voided_by_name", "void_reason", "void_shelf",
        )  # fmt: skip
        columns = [getattr(Handover, name) for name in names]
        rows = self._rows(select(*columns).where(Handover.passport_id.in_(self.ids)).order_by(Handover.id))
        typed = ("unsigned_reason", "void_reason")
        return [self._covered(row) | {name: self.cover.text(row[name]) for name in typed} for row in rows]

    def corrections(self) -> Rows:
        decider = aliased(Staff)
        columns = (Correction.state, Correction.proposed, Correction.before, Correction.reason, Correction.proposed_at)
        people = (Staff.name.label("proposed_by"), Correction.decided_at, decider.name.label("decided_by"))
        found = select(*columns, *people).outerjoin(Staff, Staff.id == Correction.proposed_by)
        found = found.outerjoin(decider, decider.id == Correction.decided_by)
        found = found.where(Correction.passport_id.in_(self.ids)).order_by(Correction.id)
        return [
            {
                **row,
                "proposed": self._covered(row["proposed"]),
                "before": self._covered(row["before"] or {}),
                "reason": self.cover.text(row["reason"]),
            }
            for row in self._rows(found)
        ]

    def requests(self) -> Rows:
        names = ("kind", "way", "received_at", "asked", "answered_at", "outcome", "answer")
        columns = [getattr(PersonRequest, name) for name in names]
        rows = self._rows(select(*columns).where(PersonRequest.passport_id.in_(self.ids)).order_by(PersonRequest.id))
        return [row | {name: self.cover.text(row[name]) for name in ("asked", "answer")} for row in rows]

    def looks(self) -> Rows:
        """Who has looked at these books, oldest first, since the first of them came."""
        since = min(clock.local(book.created_at, self.office.timezone).date() for book in self.books)
        found = looks_at(self.session, self.office, Days(since, clock.today(self.office.timezone)), self.books)
        people = select(Staff.id, Staff.name, Staff.role).where(Staff.id.in_({look.staff_id for look in found}))
        staff = {row.id: {"name": row.name, "role": row.role} for row in self.session.execute(people)}
        return [
            {
                "at": clock.iso(look.at),
                **staff.get(look.staff_id, COMMAND),
                "how": look.kind,
                "with": "person" if look.key_id is None else "key",
            }
            for look in found
        ]

    def _covered(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: self.cover.value(name, value) for name, value in values.items()}

    def _rows(self, query: Any) -> Rows:
        return [{name: _plain(value) for name, value in row._mapping.items()} for row in self.session.execute(query)]


def _plain(value: Any) -> Any:
    """A value as JSON takes it."""
    if isinstance(value, datetime):
        return clock.iso(value)
    return value.isoformat() if isinstance(value, date) else value
