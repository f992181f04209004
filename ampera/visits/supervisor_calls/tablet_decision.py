"""A decision on the officer's tablet, whatever the supervisor proves it with: no session begins, and none ends."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext

from ampera.accounts.refusals import AccountRefusal
from ampera.audit import Actor
from ampera.errors import Problem, Refused, raise_refusal
from ampera.security import SUPERVISOR
from ampera.visits.supervisor_calls import service
from ampera.visits.supervisor_calls.queries import CallCard
from ampera.visits.supervisor_calls.refusals import SupervisorCallRefusal

UNKNOWN = 422  # the status for a PIN that is not, or no longer, in this browser
# What a supervisor types on the officer's tablet, by the refusal that it may get.
WRONG_FIELDS = {
    AccountRefusal.WRONG_PASSWORD: "password",
    AccountRefusal.FACTOR_NEEDED: "code",
    AccountRefusal.FACTOR_WRONG: "code",
    AccountRefusal.PIN_WRONG: "pin",
    AccountRefusal.PIN_OVER: "pin",
}


def supervisor(who: Actor, visit_id: int, found: Actor | Refused) -> Actor:
    """The supervisor of this office whose proof it was. What is wrong there is 403: the officer's session goes on."""
    if isinstance(found, Refused):
        if place := WRONG_FIELDS.get(found.code):  # type: ignore[call-overload]
            raise Problem(found.code, found.status if found.status == UNKNOWN else 403, {place: found.code})
        return raise_refusal(found)
    if found.office_id != who.office_id or found.role not in SUPERVISOR or found.staff_id == who.staff_id:
        return raise_refusal(service.note_stranger(who, visit_id))
    return found


def decided(who: Actor, decided_by: Actor, visit_id: int, body: dict[str, Any]) -> CallCard:
    """The call with the decision. The record names the supervisor, and the officer on whose tablet it was made."""
    tablet_of = None if decided_by is who else who.staff_id
    answer = service.Answer(body["decision"], body["reason"], body["call_id"], tablet_of)
    return raise_refusal(named(service.decide(decided_by, visit_id, answer)))


def named(result: CallCard | Refused) -> CallCard | Refused:
    """A refusal that names who was faster."""
    if isinstance(result, Refused) and (by := result.detail.get("by")):
        words = (
            gettext("%(name)s sudah mengambil panggilan ini.", name=by)
            if result.code == SupervisorCallRefusal.CALL_TAKEN
            else gettext("%(name)s sudah memutuskan.", name=by)
        )
        return replace(result, detail={**result.detail, "message": words})
    return result
