"""Reads what a morning left in the database into the records that the invariants judge and the figures count."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.offices.models import Lane, Office
from ampera.offices.options.defaults import option
from ampera.passports.models import Passport
from ampera.tools.auditing import proof
from ampera.tools.simulate.results.records import CallRow, ChangeRow, Event, HandoverRow, VisitRow
from ampera.visits.models import Call, OrderChange, Visit


def gather(session: Session, office_id: int, told: dict[int, list[datetime]]) -> dict[str, Any]:
    """All fields of `Records` that stand in the database. `told`: when officers heard of each call of a visit."""
    return {
        "visits": tuple(_visits(session, office_id)),
        "events": tuple(events(session, office_id, "visit:")),
        "calls": tuple(_calls(session, office_id, told)),
        "handovers": tuple(_handovers(session, office_id)),
        "collected": frozenset(
            session.scalars(select(Passport.id).where(Passport.office_id == office_id, Passport.state == "collected"))
        ),
        "changes": tuple(_changes(session, office_id)),
        "lanes": {lane.number: lane.kind for lane in session.scalars(select(Lane).where(Lane.office_id == office_id))},
    }


def events(session: Session, office_id: int, subjects: str) -> Iterator[Event]:
    """The history of one kind of subjects (`visit:`, `passport:`), in the order in which it happened."""
    query = select(AuditEntry).where(AuditEntry.chain == office_id, AuditEntry.subject.startswith(subjects))
    for row in session.scalars(query.order_by(AuditEntry.seq)):
        subject = int(row.subject.removeprefix(subjects))
        yield Event(row.seq, row.at, row.action, subject, json.loads(row.details))


def _visits(session: Session, office_id: int) -> Iterator[VisitRow]:
    for row in session.scalars(select(Visit).where(Visit.office_id == office_id).order_by(Visit.id)):
        yield VisitRow(
            row.id,
            row.day.isoformat(),
            row.queue_no,
            row.kind,
            row.site,
            row.state,
            row.priority,
            float(row.id if row.place is None else row.place),
            row.opened_at,
            row.served_at,
            row.ended_at,
            row.booked_for is not None,
        )


def _calls(session: Session, office_id: int, told: dict[int, list[datetime]]) -> Iterator[CallRow]:
    """The n-th call of a visit is the n-th answer that an officer got about it."""
    span = timedelta(seconds=option(session.get_one(Office, office_id).options, "call_seconds"))
    query = select(Call, Lane.number).join(Lane, Lane.id == Call.lane_id).where(Call.office_id == office_id)
    answers = {visit: iter(moments) for visit, moments in told.items()}
    for row, lane in session.execute(query.order_by(Call.id)):
        ends = row.shows_at + span
        heard = next(answers.get(row.visit_id, iter(())), ends)
        yield CallRow(row.id, row.visit_id, lane, row.site, row.at, row.shows_at, ends, row.cancelled_at, told_at=heard)


def _handovers(session: Session, office_id: int) -> Iterator[HandoverRow]:
    for row in session.scalars(select(Handover).where(Handover.office_id == office_id)):
        yield HandoverRow(row.id, row.passport_id, row.visit_id, row.voided_at is not None)


def _changes(session: Session, office_id: int) -> Iterator[ChangeRow]:
    for row in session.scalars(select(OrderChange).where(OrderChange.office_id == office_id)):
        yield ChangeRow(row.visit_id, row.at, row.kind, row.reason)


def broken_chain(session: Session) -> str:
    """Why the proof of history fails, or nothing. Call it with a new session."""
    told = proof.verify(session)
    return "" if told["ok"] else f"{told['reason']} (at {told['first_bad']})"
