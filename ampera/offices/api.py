"""JSON of changes in the middle of a day: lanes and the office open or closed, and the message of the screens."""

from typing import Any

from ampera import clock
from ampera.api import blueprint
from ampera.errors import Refusal, raise_refusal
from ampera.offices import closing_service, service
from ampera.offices.refusals import OfficeRefusal
from ampera.offices.schemas import (
    CloseBody,
    LaneOpenSchema,
    MessageBody,
    MessageSchema,
    OfficeClosedSchema,
    OfficeOpenSchema,
)
from ampera.security import LANE, actor, requires

OFFICE = ("supervisor", "admin")

api = blueprint("offices", "Opening and closing of lanes and of the office, and the message of the screens.")


@api.post("/lanes/<int:number>/<any(open, close):act>")
@requires(*LANE)
@api.answers(LaneOpenSchema)
@api.refuses({404: [OfficeRefusal.UNKNOWN_LANE]})
def lane(number: int, act: str) -> dict[str, Any]:
    """Open or close a lane.

    A vehicle that is already in the lane is still served.
    """
    changed = raise_refusal(service.set_lane_open(actor(), number, act == "open"))
    return {"lane": number, "open": act == "open", "revision": changed.revision}


@api.put("/office/message")
@requires(*OFFICE)
@api.arguments(MessageBody)
@api.answers(MessageSchema)
@api.refuses({422: [OfficeRefusal.BAD_OPTION, OfficeRefusal.BAD_LINE, OfficeRefusal.BAD_UNTIL]})
def message(body: dict[str, Any]) -> dict[str, Any]:
    """Set the message of the screens.

    With `until` it replaces the standing message until then.
    """
    text, until = body["message"], body["until"]
    if until is None:
        changed = raise_refusal(service.set_option(actor(), "message", text))
    else:
        changed = raise_refusal(closing_service.set_banner(actor(), text, until))
    return {"message": text, "until": clock.iso(until), "revision": changed.revision}


@api.post("/office/close")
@requires(*OFFICE)
@api.arguments(CloseBody)
@api.answers(OfficeClosedSchema)
@api.refuses({422: [Refusal.REASON_MISSING, OfficeRefusal.BAD_LINE, OfficeRefusal.BAD_UNTIL]})
def close(body: dict[str, Any]) -> dict[str, Any]:
    """Stop taking new vehicles.

    The office stays closed until `until`, or until it is opened again. Vehicles in the queue are still served.
    """
    changed = raise_refusal(closing_service.close_now(actor(), body["reason"], body["until"]))
    return {"open": False, "until": clock.iso(body["until"]), "revision": changed.revision}


@api.post("/office/open")
@requires(*OFFICE)
@api.answers(OfficeOpenSchema)
def open_again() -> dict[str, Any]:
    """End a closure by hand.

    The opening hours apply again at once.
    """
    changed = raise_refusal(closing_service.open_again(actor()))
    return {"open": True, "revision": changed.revision}
