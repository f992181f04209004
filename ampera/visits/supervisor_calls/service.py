"""Calling a supervisor to a vehicle, withdrawing, taking and deciding the call. Each is one transaction.

A call ends once: by a decision, by its officer, or with its visit (`Visit.close`). The conditional update decides a
race, and the unique index keeps a second open call out.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, update

from ampera import audit, clock
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Problem, Refusal, Refused
from ampera.offices.models import Office
from ampera.passports.events import LateDecided, UnlockDecided
from ampera.visits import queries, states
from ampera.visits.events import SupervisorCallChanged
from ampera.visits.models import SupervisorCall
from ampera.visits.moves import common
from ampera.visits.rows import VisitRow
from ampera.visits.supervisor_calls import decision as decisions
from ampera.visits.supervisor_calls.queries import CallCard, CallRow, card_of, newest_call, written_call
from ampera.visits.supervisor_calls.refusals import SupervisorCallRefusal


@dataclass(frozen=True)
class Answer:
    """What a supervisor decided. `call_id` is the call that was answered, `tablet_of` the officer on whose tablet.

    Without `call_id` the answer is about the call that is open.
    """

    decision: str
    reason: str = ""
    call_id: int | None = None
    tablet_of: int | None = None


@transaction
def call(unit: Unit, actor: Actor, visit_id: int, reason: str) -> CallCard | Refused:
    """Call a supervisor to this vehicle. A second call while one is open changes nothing and returns the open one.

    Refused: `not_found`, `wrong_state` (the visit has ended), `claimed_elsewhere`.
    """
    visit = _visit(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    if visit.state not in states.OPEN:
        return common.wrong_state(unit, actor, visit, "supervisor")
    if (known := newest_call(unit.conn, visit_id)) and known.ended_at is None:
        return card_of(known)
    lane_id = visit.claim_lane_id if visit.state == states.SERVING else visit.lane_id
    unit.conn.execute(
        _CALL,
        {
            "office_id": visit.office_id, "visit_id": visit.id, "lane_id": lane_id, "reason": reason,
            "by_id": actor.staff_id, "at": unit.at,
        },
    )  # fmt: skip
    return _done(unit, actor, visit_id, "called", reason=reason)


@transaction
def withdraw(unit: Unit, actor: Actor, visit_id: int) -> CallCard | Refused:
    """End the open call without a decision. Refused: `not_found`, `claimed_elsewhere`, `call_over`."""
    visit = _visit(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    if not _end(unit, visit_id, ended_how=decisions.WITHDRAWN):
        return _over(unit, actor, visit_id)
    return _done(unit, actor, visit_id, "withdrawn")


@transaction
def take(unit: Unit, actor: Actor, visit_id: int, call_id: int | None = None) -> CallCard | Refused:
    """Let everybody know that this supervisor comes. Of two who take a call at once, the second learns who was first.

    Refused: `not_found`, `own_call`, `call_taken`, `call_over` (also when another call than `call_id` is open).
    """
    visit = common.visit_of(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    found = _open_call(unit, visit_id, call_id)
    if found is None:
        return _over(unit, actor, visit_id)
    if refusal := _is_own(unit, actor, visit, found):
        return refusal
    if found.taken_by_id == actor.staff_id:
        return card_of(found)
    if not unit.conn.execute(_TAKE, {"v": visit_id, "taken_by_id": actor.staff_id, "taken_at": unit.at}).rowcount:
        why = SupervisorCallRefusal.CALL_TAKEN
        audit.record(unit, actor, "supervisor.refused", f"visit:{visit_id}", why=why)
        return Refused(why, 409, detail={"by": found.taken_by})
    return _done(unit, actor, visit_id, "taken")


@transaction
def decide(unit: Unit, actor: Actor, visit_id: int, answer: Answer) -> CallCard | Refused:
    """Decide the open call of this visit. The decision changes the books of the visit in the same transaction.

    Refused: `not_found`, `forbidden`, `own_call`, `reason_missing`, `call_over` (also when another call than the
    answered one is open), `nothing_to_decide`, and why no book could be unlocked or allowed.
    """
    visit = common.visit_of(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    if actor.role != "supervisor":
        return _refuse(unit, actor, visit_id, Refused(Refusal.FORBIDDEN, 403))
    found = _open_call(unit, visit_id, answer.call_id)
    if found is None:
        return _over(unit, actor, visit_id)
    if refusal := _is_own(unit, actor, visit, found):
        return refusal
    decision, clean = answer.decision, common.one_line(answer.reason)
    if decisions.needs_reason(decision) and not clean:
        return _refuse(unit, actor, visit_id, Refused(Refusal.REASON_MISSING, 422, {"reason": Refusal.REASON_MISSING}))
    if refusal := _apply(unit, actor, visit, decision, clean):
        return _refuse(unit, actor, visit_id, refusal)
    outcome = {"decision": decision, "decision_reason": clean or None, "decided_by_id": actor.staff_id}
    if not _end(unit, visit_id, ended_how=decisions.DECIDED, **outcome):
        raise Problem(SupervisorCallRefusal.CALL_OVER, 409)  # takes the changes of the books back
    return _done(unit, actor, visit_id, "decided", decision=decision, reason=clean, tablet_of=answer.tablet_of)


@transaction
def note_stranger(unit: Unit, actor: Actor, visit_id: int) -> Refused:
    """Somebody who is no supervisor of this office signed a decision on this officer's tablet."""
    return _refuse(unit, actor, visit_id, Refused(SupervisorCallRefusal.NOT_A_SUPERVISOR, 403))


def _visit(unit: Unit, actor: Actor, visit_id: int) -> VisitRow | Refused:
    """The visit whose call the actor may make or withdraw. Refused: `not_found`, `claimed_elsewhere`."""
    visit = common.visit_of(unit, actor, visit_id)
    if isinstance(visit, Refused):
        return visit
    return common.foreign_claim(unit, actor, visit) or visit


def _open_call(unit: Unit, visit_id: int, call_id: int | None) -> CallRow | None:
    """The open call of this visit, if it is the meant one: an officer may withdraw a call and make another."""
    found = newest_call(unit.conn, visit_id)
    return found if found and found.ended_at is None and call_id in (None, found.id) else None


def _is_own(unit: Unit, actor: Actor, visit: VisitRow, found: CallRow) -> Refused | None:
    """A second person decides: neither the officer who called nor the one who serves the vehicle."""
    if actor.staff_id not in (found.by_id, visit.claim_staff_id if visit.state == states.SERVING else None):
        return None
    return _refuse(unit, actor, visit.id, Refused(SupervisorCallRefusal.OWN_CALL, 409))


def _apply(unit: Unit, actor: Actor, visit: VisitRow, decision: str, reason: str) -> Refused | None:
    """Change the books that the decision is about. None when it is about no book, or one of them was changed."""
    if decision not in (decisions.UNLOCK, decisions.ALLOW_LATE):
        return None
    books = queries.visit_card(unit.conn, visit.id)["passports"]
    asked: list[UnlockDecided | LateDecided]
    if decision == decisions.UNLOCK:
        asked = [UnlockDecided(actor, book["passport_id"], reason) for book in books if book["locked"]]
    else:
        today = clock.local(unit.at, visit.timezone).date()
        late = [book["passport_id"] for book in books if book["status"] == "overdue"]
        asked = [LateDecided(actor, passport_id, today, reason) for passport_id in late]
    for decided in asked:
        unit.emit(decided)
    refusals = [refusal for decided in asked for refusal in decided.refusals]
    if len(refusals) < len(asked):
        return None
    return refusals[0] if refusals else Refused(SupervisorCallRefusal.NOTHING_TO_DECIDE, 409)


def _end(unit: Unit, visit_id: int, **values: object) -> bool:
    """End the open call. False when it has ended already."""
    return bool(unit.conn.execute(_END, {"v": visit_id, "ended_at": unit.at, **values}).rowcount)


def _over(unit: Unit, actor: Actor, visit_id: int) -> Refused:
    """The meant call is not open; the refusal says who ended the last one, and how."""
    found = newest_call(unit.conn, visit_id)
    detail = {"by": found.decided_by, "decision": found.decision, "ended_how": found.ended_how} if found else {}
    return _refuse(unit, actor, visit_id, Refused(SupervisorCallRefusal.CALL_OVER, 409, detail=detail))


def _refuse(unit: Unit, actor: Actor, visit_id: int, refusal: Refused) -> Refused:
    audit.record(unit, actor, "supervisor.refused", f"visit:{visit_id}", why=refusal.code)
    return refusal


def _done(unit: Unit, actor: Actor, visit_id: int, step: str, **details: object) -> CallCard:
    """Audit the step, announce it to the lane and to the supervisors, and return the call."""
    found = written_call(unit.conn, visit_id)
    audit.record(unit, actor, f"supervisor.{step}", f"visit:{visit_id}", call=found.id, **details)
    Office.raise_revision(unit.conn, actor.office_id or 0)
    unit.emit(SupervisorCallChanged(actor.office_id or 0, visit_id))
    return card_of(found)


_CALL = insert(SupervisorCall)
_IS_OPEN = (SupervisorCall.visit_id == bindparam("v"), SupervisorCall.ended_at.is_(None))
_TAKE = update(SupervisorCall).where(*_IS_OPEN, SupervisorCall.taken_by_id.is_(None))
_END = update(SupervisorCall).where(*_IS_OPEN)
