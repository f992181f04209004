"""JSON of calls for a supervisor: call, withdraw, take, decide."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext

from ampera import db
from ampera.accounts.refusals import AccountRefusal
from ampera.api import blueprint
from ampera.audit import Actor
from ampera.errors import Problem, Refusal, Refused, raise_refusal
from ampera.security import LANE, SUPERVISOR, actor, colleague, people_only, requires
from ampera.visits.refusals import VisitRefusal
from ampera.visits.supervisor_calls import queries, service
from ampera.visits.supervisor_calls.queries import CallCard
from ampera.visits.supervisor_calls.refusals import SupervisorCallRefusal
from ampera.visits.supervisor_calls.schemas import (
    CallBody,
    CallConflictSchema,
    DecisionBody,
    SupervisorCallSchema,
    SupervisorCallsSchema,
    TakeBody,
)
from ampera.web import limits

api = blueprint("supervisor_calls", "Calls for a supervisor.")
# What a supervisor types on the officer's tablet, by the refusal that it may get.
WRONG_FIELDS = {
    AccountRefusal.WRONG_PASSWORD: "password",
    AccountRefusal.FACTOR_NEEDED: "code",
    AccountRefusal.FACTOR_WRONG: "code",
}
DECISION_REFUSALS = {
    403: [
        AccountRefusal.WRONG_PASSWORD,
        AccountRefusal.FACTOR_NEEDED,
        AccountRefusal.FACTOR_WRONG,
        SupervisorCallRefusal.NOT_A_SUPERVISOR,
    ],
    409: [
        Refusal.WRONG_STATE,
        SupervisorCallRefusal.CALL_OVER,
        SupervisorCallRefusal.OWN_CALL,
        SupervisorCallRefusal.NOTHING_TO_DECIDE,
    ],
    422: [Refusal.REASON_MISSING],
    429: [Refusal.TOO_MANY_REQUESTS, AccountRefusal.ACCOUNT_RESTS],
}


@api.get("/supervisor-calls")
@requires(*SUPERVISOR)
@api.answers(SupervisorCallsSchema)
def open_calls() -> dict[str, Any]:
    """List the open calls for a supervisor.

    The socket namespace `/supervisor` pushes the same state.
    """
    with db.reading() as session:
        return queries.open_calls_state(session, actor().office_id or 0)


@api.post("/visits/<int:visit_id>/supervisor")
@requires(*LANE)
@api.arguments(CallBody)
@api.answers(SupervisorCallSchema)
@api.refuses({409: [Refusal.WRONG_STATE, VisitRefusal.CLAIMED_ELSEWHERE]}, CallConflictSchema)
def call(body: dict[str, Any], visit_id: int) -> CallCard:
    """Call a supervisor to a vehicle.

    At most one call of a visit is open: a second one returns it as it is. The call ends with a decision, when it is
    withdrawn, or with the visit.
    """
    return raise_refusal(service.call(actor(), visit_id, body["reason"]))


@api.delete("/visits/<int:visit_id>/supervisor")
@requires(*LANE)
@api.answers(SupervisorCallSchema)
@api.refuses({409: [VisitRefusal.CLAIMED_ELSEWHERE, SupervisorCallRefusal.CALL_OVER]}, CallConflictSchema)
def withdraw(visit_id: int) -> CallCard:
    """Withdraw the open call of a visit."""
    return raise_refusal(service.withdraw(actor(), visit_id))


@api.post("/visits/<int:visit_id>/supervisor/take")
@requires(*SUPERVISOR)
@people_only
@api.arguments(TakeBody, required=False)
@api.answers(SupervisorCallSchema)
@api.refuses(
    {
        409: [
            SupervisorCallRefusal.CALL_TAKEN,
            SupervisorCallRefusal.CALL_OVER,
            SupervisorCallRefusal.OWN_CALL,
        ]
    },
    CallConflictSchema,
)
def take(body: dict[str, Any], visit_id: int) -> CallCard:
    """Take the open call of a visit.

    Everybody sees who comes. When another supervisor was faster, the refusal names that one.
    """
    return raise_refusal(_named(service.take(actor(), visit_id, body.get("call_id"))))


@api.post("/visits/<int:visit_id>/supervisor/decision")
@requires(*LANE)
@people_only
@limits.failures("60/minute")
@api.arguments(DecisionBody)
@api.answers(SupervisorCallSchema)
@api.refuses(DECISION_REFUSALS, CallConflictSchema)
def decide(body: dict[str, Any], visit_id: int) -> CallCard:
    """Decide the open call of a visit.

    `unlock` unlocks the locked books of the visit, `allow_late` allows its overdue books until today, `allow_unsigned`
    allows handovers of this visit without a signature, `refuse` allows nothing, `attend` ends a call that needed no
    permission. A supervisor decides in the own session, or with login and password on the officer's tablet: no session
    begins there, and the officer stays signed in. The officer who called or serves cannot decide.
    """
    who = actor()
    decided_by = who if body["login"] is None else _vouched(who, visit_id, body)
    tablet_of = None if decided_by is who else who.staff_id
    answer = service.Answer(body["decision"], body["reason"], body["call_id"], tablet_of)
    return raise_refusal(_named(service.decide(decided_by, visit_id, answer)))


def _vouched(who: Actor, visit_id: int, body: dict[str, Any]) -> Actor:
    """The supervisor of this office who typed the own password. What is wrong there is 403: the session goes on."""
    found = colleague(body["login"], body["password"], body["code"])
    if isinstance(found, Refused):
        if place := WRONG_FIELDS.get(found.code):
            raise Problem(found.code, 403, {place: found.code})
        return raise_refusal(found)
    if found.office_id != who.office_id or found.role not in SUPERVISOR or found.staff_id == who.staff_id:
        return raise_refusal(service.note_stranger(who, visit_id))
    return found


def _named(result: CallCard | Refused) -> CallCard | Refused:
    """A refusal that names who was faster."""
    if isinstance(result, Refused) and (by := result.detail.get("by")):
        words = (
            gettext("%(name)s sudah mengambil panggilan ini.", name=by)
            if result.code == SupervisorCallRefusal.CALL_TAKEN
            else gettext("%(name)s sudah memutuskan.", name=by)
        )
        return replace(result, detail={**result.detail, "message": words})
    return result
