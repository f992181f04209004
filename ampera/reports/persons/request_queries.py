"""Requests of persons: the open ones of an office with those first that are due first, and the newest answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from ampera.accounts.models import Staff
from ampera.passports.models import Passport
from ampera.reports.persons.deadlines import ANSWER_WITHIN, SOON
from ampera.reports.persons.models import PersonRequest

MOST_OPEN, MOST_ANSWERED = 200, 50


@dataclass(frozen=True)
class RequestRow:
    """A request with its book and the people who noted and answered it."""

    id: int
    passport_id: int
    application_no: str
    holder_name: str
    book_state: str
    kind: str
    way: str
    asked: str
    received_at: datetime
    noted_by: str | None
    outcome: str | None
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    correction_id: int | None


def open_requests(session: Session, office_id: int) -> list[RequestRow]:
    """Those without an answer. Which came first is due first, so overdue ones are at the top."""
    found = _rows(office_id).where(PersonRequest.answered_at.is_(None))
    return _read(session, found.order_by(PersonRequest.received_at, PersonRequest.id).limit(MOST_OPEN))


def answered_requests(session: Session, office_id: int) -> list[RequestRow]:
    """The newest answers."""
    found = _rows(office_id).where(PersonRequest.answered_at.is_not(None))
    newest_first = found.order_by(PersonRequest.answered_at.desc(), PersonRequest.id.desc())
    return _read(session, newest_first.limit(MOST_ANSWERED))


def request_row(session: Session, office_id: int, request_id: int) -> RequestRow | None:
    """One request of this office."""
    found = _read(session, _rows(office_id).where(PersonRequest.id == request_id))
    return found[0] if found else None


class Waiting(NamedTuple):
    """How many requests wait for an answer, and how many of them are overdue."""

    open: int
    overdue: int


def waiting(session: Session, office_id: int, at: datetime) -> Waiting:
    """The requests of the office at this moment."""
    is_overdue = case((PersonRequest.received_at < at - ANSWER_WITHIN, 1))
    waits = (PersonRequest.office_id == office_id, PersonRequest.answered_at.is_(None))
    return Waiting(*session.execute(select(func.count(), func.count(is_overdue)).where(*waits)).one())


def due_count(session: Session, office_id: int, at: datetime) -> int:
    """How many requests without an answer are overdue or become it within SOON."""
    return session.scalar(select(func.count()).select_from(PersonRequest).where(*_due(office_id, at))) or 0


def due(session: Session, office_id: int, at: datetime, limit: int, offset: int = 0) -> list[RequestRow]:
    """These requests, those first that are due first."""
    found = _rows(office_id).where(*_due(office_id, at)).order_by(PersonRequest.received_at, PersonRequest.id)
    return _read(session, found.limit(limit).offset(offset))


def _due(office_id: int, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        PersonRequest.office_id == office_id,
        PersonRequest.answered_at.is_(None),
        PersonRequest.received_at <= at + SOON - ANSWER_WITHIN,
    )


def application_of(session: Session, office_id: int, passport_id: int) -> str:
    """The application of a book of this office; "" when there is none."""
    of_office = (Passport.id == passport_id, Passport.office_id == office_id)
    return session.scalar(select(Passport.application_no).where(*of_office)) or ""


def _rows(office_id: int) -> Any:
    answerer = aliased(Staff)
    return (
        select(
            PersonRequest.id,
            PersonRequest.passport_id,
            Passport.application_no,
            Passport.holder_name,
            Passport.state,
            PersonRequest.kind,
            PersonRequest.way,
            PersonRequest.asked,
            PersonRequest.received_at,
            Staff.name,
            PersonRequest.outcome,
            PersonRequest.answer,
            answerer.name,
            PersonRequest.answered_at,
            PersonRequest.correction_id,
        )
        .join(Passport, Passport.id == PersonRequest.passport_id)
        .outerjoin(Staff, Staff.id == PersonRequest.noted_by_id)
        .outerjoin(answerer, answerer.id == PersonRequest.answered_by_id)
        .where(PersonRequest.office_id == office_id)
    )


def _read(session: Session, query: Any) -> list[RequestRow]:
    return [RequestRow(*row) for row in session.execute(query)]
