"""JSON of calls for a supervisor: call, withdraw, take, decide."""

from typing import Any

from ampera import db
from ampera.accounts.refusals import AccountRefusal
from ampera.api import blueprint
from ampera.errors import Refusal, raise_refusal
from ampera.security import LANE, SUPERVISOR, actor, colleague, people_only, requires
from ampera.visits.refusals import VisitRefusal
from ampera.visits.supervisor_calls import queries, service, tablet_decision
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
    return raise_refusal(tablet_decision.named(service.take(actor(), visit_id, body.get("call_id"))))


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
    if body["login"] is None:
        return tablet_decision.decided(who, who, visit_id, body)
    found = colleague(body["login"], body["password"], body["code"])
    return tablet_decision.decided(who, tablet_decision.supervisor(who, visit_id, found), visit_id, body)
