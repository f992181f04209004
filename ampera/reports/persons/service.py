"""Note and answer the requests of persons. The history has ids and codes, never the words of a request or an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from ampera import audit, events
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.passports.corrections.models import CONFIRMED
from ampera.passports.events import CorrectionDecided
from ampera.passports.models import Passport
from ampera.reports.persons import deadlines
from ampera.reports.persons.models import ACCESS, CORRECTION, GRANTED, KINDS, OUTCOMES, REFUSED, WAYS, PersonRequest
from ampera.reports.persons.refusals import RequestRefusal

MAX_WORDS = 300


@dataclass(frozen=True)
class Wish:
    """A request as it is noted. `received_at` is None when the form had no time."""

    application_no: str
    kind: str
    way: str
    asked: str
    received_at: datetime | None


@dataclass(frozen=True)
class RequestState:
    """A request and its book after the act."""

    id: int
    passport_id: int
    outcome: str | None


@transaction
def note(unit: Unit, actor: Actor, wish: Wish) -> RequestState | Refused:
    """Note that a person asks. The clock runs from the reception, not from this note.

    Refused, by field: `application_unknown`, `invalid`, `asked_missing`, `received_wrong`, `already_noted`.
    """
    asked = " ".join(wish.asked.split())[:MAX_WORDS]
    book = _book(unit, actor, wish.application_no)
    if wrong := _problems(unit, wish, asked) | ({} if book else {"application_no": RequestRefusal.APPLICATION_UNKNOWN}):
        return _refuse(unit, actor, book, Refused(Refusal.INVALID, 422, wrong))
    if _is_noted(unit, book, wish.kind, asked):
        again = {"asked": RequestRefusal.ALREADY_NOTED}
        return _refuse(unit, actor, book, Refused(RequestRefusal.ALREADY_NOTED, 409, again))
    row = PersonRequest(
        office_id=actor.office_id, passport_id=book, kind=wish.kind, way=wish.way, asked=asked,
        received_at=wish.received_at, noted_by_id=actor.staff_id, noted_at=unit.at,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    how = {"request": row.id, "kind": row.kind, "way": row.way, "received": row.received_at}
    audit.record(unit, actor, "request.noted", f"passport:{book}", **how)
    return RequestState(row.id, row.passport_id, None)


@transaction
def answer(unit: Unit, actor: Actor, request_id: int, outcome: str, words: str) -> RequestState | Refused:
    """Answer in words: granted, or refused with the ground.

    Refused: `forbidden`, `not_found`, `already_answered`, `invalid`, `answer_missing`, `paper_needed`.
    """
    row, words = _request(unit, actor, request_id), " ".join(words.split())[:MAX_WORDS]
    refusal = _why_not_answered(actor, row) or _why_no_words(row, outcome, words)
    if refusal or row is None:
        return _refuse(unit, actor, row.passport_id if row else None, refusal or Refused(Refusal.NOT_FOUND, 404))
    return _answered(unit, actor, row, outcome, answer=words)


@transaction
def hand_out(unit: Unit, actor: Actor, request_id: int, given: Mapping[str, Any]) -> RequestState | Refused:
    """Answer a request for access with the copy that was made: one time only. `given` are counts, for the history.

    Refused: `forbidden`, `not_found`, `already_answered`, `wrong_state` (another kind of request).
    """
    row = _request(unit, actor, request_id)
    refusal = _why_not_answered(actor, row)
    if refusal is None and row is not None and row.kind != ACCESS:
        refusal = Refused(Refusal.WRONG_STATE, 409)
    if refusal or row is None:
        return _refuse(unit, actor, row.passport_id if row else None, refusal or Refused(Refusal.NOT_FOUND, 404))
    done = _answered(unit, actor, row, GRANTED)
    if not isinstance(done, Refused):
        reason = {"reason": "request", "request": row.id}
        audit.record(unit, actor, "privacy.exported", f"passport:{row.passport_id}", **reason, **given)
    return done


@events.during(CorrectionDecided)
def answer_corrections(unit: Unit, decided: CorrectionDecided) -> None:
    """The decision about a proposal answers the requests for a correction that came before the proposal."""
    open_ones = select(PersonRequest).where(
        PersonRequest.passport_id == decided.passport_id,
        PersonRequest.kind == CORRECTION,
        PersonRequest.outcome.is_(None),
        PersonRequest.received_at <= decided.proposed_at,
    )
    outcome = GRANTED if decided.state == CONFIRMED else REFUSED
    for row in unit.session.scalars(open_ones).all():
        _answered(unit, decided.actor, row, outcome, correction_id=decided.correction_id)


def _answered(unit: Unit, actor: Actor, row: PersonRequest, outcome: str, **more: Any) -> RequestState | Refused:
    """Write the answer, if it is the first one."""
    by = {"outcome": outcome, "answered_by_id": actor.staff_id, "answered_at": unit.at}
    if unit.conn.execute(_FIRST.values(**by, **more), {"request": row.id}).rowcount != 1:
        return _refuse(unit, actor, row.passport_id, Refused(RequestRefusal.ALREADY_ANSWERED, 409))
    late = deadlines.clock_of(row.received_at, unit.at).state == "overdue"
    how = {"request": row.id, "kind": row.kind, "outcome": outcome, "late": late}
    audit.record(unit, actor, "request.answered", f"passport:{row.passport_id}", **how)
    return RequestState(row.id, row.passport_id, outcome)


def _problems(unit: Unit, wish: Wish, asked: str) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if wish.kind not in KINDS:
        wrong["kind"] = Refusal.INVALID
    if wish.way not in WAYS:
        wrong["way"] = Refusal.INVALID
    if not asked:
        wrong["asked"] = RequestRefusal.ASKED_MISSING
    if wish.received_at is None or not deadlines.is_possible(wish.received_at, unit.at):
        wrong["received"] = RequestRefusal.RECEIVED_WRONG
    return wrong


def _why_not_answered(actor: Actor, row: PersonRequest | None) -> Refused | None:
    if actor.role != "supervisor":
        return Refused(Refusal.FORBIDDEN, 403)
    if row is None:
        return Refused(Refusal.NOT_FOUND, 404)
    return Refused(RequestRefusal.ALREADY_ANSWERED, 409) if row.outcome else None


def _why_no_words(row: PersonRequest | None, outcome: str, words: str) -> Refused | None:
    if outcome not in OUTCOMES:
        return Refused(Refusal.INVALID, 422, {"outcome": Refusal.INVALID})
    if row is not None and row.kind == ACCESS and outcome == GRANTED:
        return Refused(RequestRefusal.PAPER_NEEDED, 422, {"words": RequestRefusal.PAPER_NEEDED})
    if not words:
        return Refused(RequestRefusal.ANSWER_MISSING, 422, {"words": RequestRefusal.ANSWER_MISSING})
    return None


def _book(unit: Unit, actor: Actor, application_no: str) -> int | None:
    """The id of the book, locked until the end of the transaction so that equal notes follow each other."""
    found = select(Passport.id).where(Passport.application_no == application_no, Passport.office_id == actor.office_id)
    return unit.conn.execute(found.with_for_update()).scalar_one_or_none()


def _is_noted(unit: Unit, passport_id: int | None, kind: str, asked: str) -> bool:
    same = (PersonRequest.passport_id == passport_id, PersonRequest.kind == kind, PersonRequest.outcome.is_(None))
    return asked in unit.conn.scalars(select(PersonRequest.asked).where(*same)).all()


def _request(unit: Unit, actor: Actor, request_id: int) -> PersonRequest | None:
    of_office = (PersonRequest.id == request_id, PersonRequest.office_id == actor.office_id)
    return unit.session.scalar(select(PersonRequest).where(*of_office))


def _refuse(unit: Unit, actor: Actor, passport_id: int | None, refusal: Refused) -> Refused:
    subject = f"passport:{passport_id}" if passport_id else f"office:{actor.office_id}"
    audit.record(unit, actor, "request.refused", subject, code=refusal.code)
    return refusal


_FIRST = update(PersonRequest).where(PersonRequest.id == bindparam("request"), PersonRequest.outcome.is_(None))
