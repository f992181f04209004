"""JSON of the opening check of a lane."""

from typing import Any

from ampera.api import blueprint
from ampera.board.lane_checks import service
from ampera.board.lane_checks.schemas import LaneCheckBody, LaneCheckSchema, ScreenTestSchema
from ampera.board.refusals import BoardRefusal
from ampera.errors import Refusal, raise_refusal
from ampera.offices.refusals import OfficeRefusal
from ampera.security import LANE, actor, people_only, requires
from ampera.web.limits import limiter

api = blueprint("lane_checks", "The opening check of a lane.")


@api.post("/lanes/<int:number>/screen-test")
@requires(*LANE)
@people_only
@limiter.limit("12/minute")
@api.answers(ScreenTestSchema)
@api.refuses({404: [OfficeRefusal.UNKNOWN_LANE], 409: [BoardRefusal.LANE_IN_USE], 429: [Refusal.TOO_MANY_REQUESTS]})
def screen_test(number: int) -> dict[str, Any]:
    """Show a test on the screens of a lane.

    It says plainly that it is no call, makes no sound and goes by itself. Refused while a vehicle is at the lane.
    """
    return raise_refusal(service.show_test(actor(), number))


@api.post("/lanes/<int:number>/checks")
@requires(*LANE)
@people_only
@api.arguments(LaneCheckBody)
@api.answers(LaneCheckSchema)
@api.refuses({404: [OfficeRefusal.UNKNOWN_LANE]})
def check(body: dict[str, Any], number: int) -> dict[str, Any]:
    """Record the result of an opening check.

    The history keeps who checked and what failed; supervisors see the newest check of each lane today.
    """
    return raise_refusal(service.record(actor(), number, body["results"]))
