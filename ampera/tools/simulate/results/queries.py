"""Reads the database after a morning into the records of the invariants and figures."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.offices.models import Lane, Office
from ampera.offices.options.defaults import option
from ampera.passports.models import Passport
from ampera.tools.auditing import proof
from ampera.tools.simulate.results.records import (
    CallRow,
    ChangeRow,
    Event,
    HandoverRow,
    Records,
    SupervisorCallRow,
    VisitRow,
)
from ampera.typed_text import folded
from ampera.visits.holders import holder_numbers
from ampera.visits.models import Call, OrderChange, SupervisorCall, Visit, VisitPickup
from ampera.visits.scan.ways import LOOKUP


def gather(session: Session, office_id: int, answered_at: dict[int, list[datetime]]) -> Records:
    """The records that are in the database. `answered_at`: when officers received the answers of a visit's calls."""
    collected = select(Passport.id).where(Passport.office_id == office_id, Passport.state == "collected")
    lanes = session.scalars(select(Lane).where(Lane.office_id == office_id))
    return Records(
        visits=tuple(_visits(session, office_id)),
        events=tuple(events(session, office_id, "visit:")),
        calls=tuple(_calls(session, office_id, answered_at)),
        supervisor_calls=tuple(_supervisor_calls(session, office_id)),
        handovers=tuple(_handovers(session, office_id)),
        collected=frozenset(session.scalars(collected)),
        changes=tuple(_changes(session, office_id)),
        looked_up=frozenset(session.scalars(_LOOKED_UP.where(Visit.office_id == office_id))),
        lanes={lane.number: lane.kind for lane in lanes},
    )


_LOOKED_UP = (
    select(VisitPickup.visit_id).join(Visit, Visit.id == VisitPickup.visit_id).where(VisitPickup.found_by == LOOKUP)
)


def events(session: Session, office_id: int, subjects: str) -> Iterator[Event]:
    """The audit rows of one kind of subjects (`visit:` or `passport:`), in their order."""
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
            row.parked_s,
            row.parked_at is not None,
        )


def _calls(session: Session, office_id: int, answered_at: dict[int, list[datetime]]) -> Iterator[CallRow]:
    """The calls. The n-th call of a visit belongs to the n-th answer that an officer received about the visit."""
    span = timedelta(seconds=option(session.get_one(Office, office_id).options, "call_seconds"))
    query = select(Call, Lane.number).join(Lane, Lane.id == Call.lane_id).where(Call.office_id == office_id)
    answers = {visit: iter(moments) for visit, moments in answered_at.items()}
    for row, lane in session.execute(query.order_by(Call.id)):
        ends = row.shows_at + span
        answer = next(answers.get(row.visit_id, iter(())), ends)
        yield CallRow(row.id, row.visit_id, lane, row.site, row.at, row.shows_at, ends, row.cancelled_at, answer)


def _supervisor_calls(session: Session, office_id: int) -> Iterator[SupervisorCallRow]:
    for row in session.scalars(select(SupervisorCall).where(SupervisorCall.office_id == office_id)):
        yield SupervisorCallRow(row.id, row.visit_id, row.at, row.ended_how, row.decided_by_id, row.decision)


def _handovers(session: Session, office_id: int) -> Iterator[HandoverRow]:
    wanted = select(Handover, Passport).join(Passport, Passport.id == Handover.passport_id)
    rows = session.execute(wanted.where(Handover.office_id == office_id).order_by(Handover.key, Handover.id))
    for key, group in groupby(rows, key=lambda pair: pair[0].key):
        pairs = list(group)
        for (row, book), holder in zip(pairs, holder_numbers([book for _, book in pairs]), strict=True):
            yield HandoverRow(
                row.id,
                row.passport_id,
                row.visit_id,
                is_void=row.voided_at is not None,
                key=key,
                collector=row.collector_class,
                holder=holder,
                is_named=folded(row.collector_name) == folded(book.holder_name),
                is_unsigned=row.signature_id is None,
            )


def _changes(session: Session, office_id: int) -> Iterator[ChangeRow]:
    for row in session.scalars(select(OrderChange).where(OrderChange.office_id == office_id)):
        yield ChangeRow(row.visit_id, row.at, row.kind, row.reason)


def broken_chain(session: Session) -> str:
    """Why the proof of the history fails; empty when it does not fail. Needs a new session."""
    verified = proof.verify(session)
    return "" if verified["ok"] else f"{verified['reason']} (at {verified['first_bad']})"
