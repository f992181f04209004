"""Reads of calls for a supervisor: one call, what supervisors see, what a lane sees, what a handover may use."""

from datetime import date, datetime
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.models import Staff
from ampera.offices.models import Lane, Office
from ampera.sql.statements import Reader, TypedSelect
from ampera.visits import queries, states
from ampera.visits.cards import VisitCard
from ampera.visits.models import SupervisorCall, Visit
from ampera.visits.supervisor_calls.decision import ALLOW_UNSIGNED


class CallRow(NamedTuple):
    """A call with the names of its people."""

    id: int
    visit_id: int
    queue_no: str
    lane: int | None
    reason: str
    by: str
    by_id: int
    at: datetime
    taken_by: str | None
    taken_by_id: int | None
    taken_at: datetime | None
    decision: str | None
    decision_reason: str | None
    decided_by: str | None
    ended_at: datetime | None
    ended_how: str | None


class CallCard(TypedDict):
    """The JSON of a call. Times are ISO 8601 in UTC."""

    id: int
    visit_id: int
    queue_no: str
    lane: int | None
    reason: str
    by: str
    by_id: int
    at: str | None
    taken_by: str | None
    taken_by_id: int | None
    taken_at: str | None
    decision: str | None
    decision_reason: str | None
    decided_by: str | None
    ended_at: str | None
    ended_how: str | None


class ParkedRow(NamedTuple):
    """A vehicle that waits at the side, and the officer who has it."""

    id: int
    queue_no: str
    lane_number: int | None
    look: str | None
    officer: str | None
    parked_at: datetime


class Permit(NamedTuple):
    """A supervisor's permission to hand over without a signature."""

    reason: str
    supervisor: str


def card_of(call: CallRow) -> CallCard:
    return {
        "id": call.id,
        "visit_id": call.visit_id,
        "queue_no": call.queue_no,
        "lane": call.lane,
        "reason": call.reason,
        "by": call.by,
        "by_id": call.by_id,
        "at": clock.iso(call.at),
        "taken_by": call.taken_by,
        "taken_by_id": call.taken_by_id,
        "taken_at": clock.iso(call.taken_at),
        "decision": call.decision,
        "decision_reason": call.decision_reason,
        "decided_by": call.decided_by,
        "ended_at": clock.iso(call.ended_at),
        "ended_how": call.ended_how,
    }


def newest_call(reader: Reader, visit_id: int) -> CallRow | None:
    """The call of this visit that was made last, open or not."""
    return _NEWEST.first(reader, visit_id=visit_id)


def written_call(reader: Reader, visit_id: int) -> CallRow:
    """The same in the transaction that has written it."""
    return _NEWEST.required(reader, visit_id=visit_id)


def open_calls_state(session: Session, office_id: int) -> dict[str, Any]:
    """What the pages of supervisors show: the open calls of the office, the oldest first, with their books.

    `parked` are the vehicles at the side, forgotten or not, the longest there first.
    """
    office, at = session.get_one(Office, office_id), clock.now()
    return {
        "office": office.code,
        "revision": office.revision,
        "at": clock.iso(at),
        "calls": [
            _with_vehicle(call, queries.visit_card(session, call.visit_id))
            for call in _OPEN.all(session, office_id=office_id)
        ],
        "parked": [
            {
                "visit_id": visit.id,
                "queue_no": visit.queue_no,
                "lane": visit.lane_number,
                "look": visit.look,
                "officer": visit.officer,
                "at": clock.iso(visit.parked_at),
                "forgotten_at": clock.iso(queries.forgotten_at(visit.parked_at, office.options)),
            }
            for visit in _PARKED.all(session, office_id=office_id, day=clock.today(office.timezone))
        ],
    }


def open_count(session: Session, office_id: int) -> int:
    """How many calls of the office are open."""
    return session.scalar(_COUNT, {"office_id": office_id}) or 0


def open_calls(session: Session, office_id: int) -> list[CallRow]:
    """The open calls of the office, the oldest first."""
    return list(_OPEN.all(session, office_id=office_id))


def _with_vehicle(call: CallRow, visit: VisitCard) -> dict[str, Any]:
    about = {"kind": visit["kind"], "plate_masked": visit["plate_masked"], "look": visit.get("look")}
    return {**card_of(call), **about, "books": books_in_question(visit)}


def books_in_question(card: VisitCard) -> list[dict[str, Any]]:
    """The books of a visit that only a supervisor may release: locked ones, and those after their deadline."""
    return [
        {
            "passport_id": book["passport_id"],
            "holder_name": book["holder_name"],
            "locked": book["locked"],
            "overdue": book["status"] == "overdue",
        }
        for book in card["passports"]
        if book["locked"] or book["status"] == "overdue"
    ]


def lane_calls(session: Session, lane_id: int, day: date) -> list[CallCard]:
    """The calls of the vehicles at this lane whose visits are open, the oldest first."""
    return [card_of(call) for call in _OF_LANE.all(session, lane_id=lane_id, day=day)]


def unsigned_permit(reader: Reader, visit_id: int, officer_id: int | None) -> Permit | None:
    """The newest permission of this visit to hand over without a signature. Nobody uses a permission of their own."""
    return _PERMIT.first(reader, visit_id=visit_id, officer_id=officer_id)


_By, _Taken, _Decided = (Staff.__table__.alias(name) for name in ("by_staff", "taken_staff", "decided_staff"))
_CALL = TypedSelect(
    CallRow,
    select(
        SupervisorCall.id,
        SupervisorCall.visit_id,
        Visit.queue_no,
        Lane.number.label("lane"),
        SupervisorCall.reason,
        _By.c.name.label("by"),
        SupervisorCall.by_id,
        SupervisorCall.at,
        _Taken.c.name.label("taken_by"),
        SupervisorCall.taken_by_id,
        SupervisorCall.taken_at,
        SupervisorCall.decision,
        SupervisorCall.decision_reason,
        _Decided.c.name.label("decided_by"),
        SupervisorCall.ended_at,
        SupervisorCall.ended_how,
    )
    .join(Visit, Visit.id == SupervisorCall.visit_id)
    .join(_By, _By.c.id == SupervisorCall.by_id)
    .outerjoin(Lane, Lane.id == SupervisorCall.lane_id)
    .outerjoin(_Taken, _Taken.c.id == SupervisorCall.taken_by_id)
    .outerjoin(_Decided, _Decided.c.id == SupervisorCall.decided_by_id),
)
_NEWEST = _CALL.where(SupervisorCall.visit_id == bindparam("visit_id")).order_by(SupervisorCall.id.desc()).limit(1)
_OPEN = _CALL.where(SupervisorCall.office_id == bindparam("office_id"), SupervisorCall.ended_at.is_(None)).order_by(
    SupervisorCall.id
)
_COUNT = (
    select(func.count())
    .select_from(SupervisorCall)
    .where(SupervisorCall.office_id == bindparam("office_id"), SupervisorCall.ended_at.is_(None))
)
_OF_LANE = _CALL.where(
    Visit.lane_id == bindparam("lane_id"), Visit.day == bindparam("day"), Visit.state.in_(states.OPEN)
).order_by(SupervisorCall.id)
_PARKED = TypedSelect(
    ParkedRow,
    select(
        Visit.id,
        Visit.queue_no,
        Lane.number.label("lane_number"),
        Visit.look,
        Staff.name.label("officer"),
        Visit.parked_at,
    )
    .outerjoin(Lane, Lane.id == Visit.lane_id)
    .outerjoin(Staff, Staff.id == Visit.claim_staff_id)
    .where(
        Visit.office_id == bindparam("office_id"),
        Visit.day == bindparam("day"),
        Visit.state == states.SERVING,
        Visit.parked_at.is_not(None),
    )
    .order_by(Visit.parked_at, Visit.id),
)
_PERMIT = TypedSelect(
    Permit,
    select(SupervisorCall.decision_reason.label("reason"), Staff.name.label("supervisor"))
    .join(Staff, Staff.id == SupervisorCall.decided_by_id)
    .where(
        SupervisorCall.visit_id == bindparam("visit_id"),
        SupervisorCall.decision == ALLOW_UNSIGNED,
        SupervisorCall.decided_by_id != bindparam("officer_id"),
    )
    .order_by(SupervisorCall.id.desc())
    .limit(1),
)
