"""`/login/decision`: a supervisor decides a call with the own PIN on the officer's tablet.

The address lies below `/login` because a browser sends its own secret, which PINs are bound to, only there.
"""

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from ampera.api import JsonParser
from ampera.security import LANE, actor, colleague_with_pin, people_only, requires
from ampera.visits.supervisor_calls import tablet_decision
from ampera.visits.supervisor_calls.queries import CallCard
from ampera.visits.supervisor_calls.schemas import PinDecisionBody
from ampera.web import limits

pages = Blueprint("supervisor_pins", __name__)
parser = JsonParser()


@pages.post("/login/decision/<int:visit_id>")
@requires(*LANE)
@people_only
@limits.failures("60/minute")
@parser.use_args(PinDecisionBody(), location="json")
def decide(body: dict[str, Any], visit_id: int) -> CallCard | Response:
    """Decide the open call of a visit. Wrong PINs count together with those at the change of officer."""
    who = actor()
    found = tablet_decision.supervisor(who, visit_id, colleague_with_pin(body["pin_id"], body["pin"]))
    return tablet_decision.decided(who, found, visit_id, body)
