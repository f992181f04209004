"""Which rows still hold personal data whose purpose was met before a moment."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ampera import clock
from ampera.bookings.models import AnnouncedCollector
from ampera.handovers.models import HandoverKey
from ampera.notices.models import Delivery
from ampera.offices.models import Office
from ampera.passports.corrections.models import Correction
from ampera.passports.models import Passport
from ampera.reports.persons.models import PersonRequest
from ampera.retention.periods import ERASED, KINDS, PERSONAL, Erasure, days_of, is_limited, met_before
from ampera.visits.models import Scan

ANSWERS: dict[str, type[Scan] | type[HandoverKey]] = {"scan_answers": Scan, "handover_answers": HandoverKey}
OVER = ("sent", "delivered", "passed", "dropped")  # states of a message that nobody has to act on


def erasures(session: Session, office: Office) -> list[Erasure]:
    """What a run of now deletes in this office, by kind. It reads all books: not for the loop that serves lanes."""
    found = []
    for kind in (kind for kind in KINDS if is_limited(office.options, kind)):
        before = met_before(office.options, kind, clock.now())
        rows = tuple(session.scalars(ids(kind, office.id, before)))
        found.append(Erasure(kind, days_of(office.options, kind), before, rows))
    return found


def ids(kind: str, office_id: int, before: datetime) -> Select[Any]:
    """The ids of the rows of one kind: books, messages, requests of persons, or stored answers."""
    if kind in ANSWERS:
        return _answers(ANSWERS[kind], office_id, before)
    if kind == "messages":
        is_over = (Delivery.state.in_(OVER), Delivery.ended_at < before, Delivery.address != "")
        return select(Delivery.id).where(Delivery.office_id == office_id, *is_over)
    if kind == "requests":
        has_words = or_(PersonRequest.asked != "", PersonRequest.answer != "")
        is_answered = PersonRequest.answered_at < before
        return select(PersonRequest.id).where(PersonRequest.office_id == office_id, is_answered, has_words)
    holds = {"identity": _holds_identity(), "contacts": _holds_contacts()}[kind]
    return select(Passport.id).where(Passport.office_id == office_id, _was_over(before), holds)


def _answers(model: type[Scan] | type[HandoverKey], office_id: int, before: datetime) -> Select[str]:
    """The keys of stored answers with the name of a person."""
    text = model.answer.cast(Text)
    names = and_(text.like(f'%"{PERSONAL[0]}"%'), text.not_like(f'%"{ERASED}":%'))
    return select(key_of(model)).where(model.office_id == office_id, model.at < before, names)


def key_of(model: type[Scan] | type[HandoverKey]) -> InstrumentedAttribute[str]:
    return Scan.scan_id if model is Scan else HandoverKey.key


def _was_over(before: datetime) -> ColumnElement[bool]:
    """The book was collected, or cancelled, before this moment."""
    return or_(
        and_(Passport.state == "collected", Passport.collected_at < before),
        and_(Passport.state == "cancelled", Passport.updated_at < before),
    )


def _holds_identity() -> ColumnElement[bool]:
    values = exists().where(Correction.passport_id == Passport.id, Correction.proposed.cast(Text) != "{}")
    return or_(Passport.nik.is_not(None), Passport.document_no.is_not(None), values)


def _holds_contacts() -> ColumnElement[bool]:
    announced = exists().where(AnnouncedCollector.pickup_id == Passport.pickup_id)
    return or_(Passport.phone.is_not(None), Passport.email.is_not(None), and_(announced, _is_last_of_pickup()))


def _is_last_of_pickup() -> ColumnElement[bool]:
    """No book of the pickup waits on the shelf: nobody will come with the announced collector."""
    other = Passport.__table__.alias("other")
    return ~exists().where(other.c.pickup_id == Passport.pickup_id, other.c.state.in_(("ready", "held")))
