"""What staff change at the lane: whether it is open, and the line on the screens."""

from typing import Any

from marshmallow import fields, validate

from ampera.api import Schema, blueprint, json_refusals
from ampera.errors import settle
from ampera.offices import service
from ampera.offices.checks import MESSAGE_LENGTH
from ampera.security import LANE, actor, requires

api = blueprint("offices", "Lanes that open and close, and what the screens say.")


class MessageBody(Schema):
    message = fields.String(required=True, validate=validate.Length(max=MESSAGE_LENGTH))


@api.post("/lanes/<int:number>/<any(open, close):act>")
@requires(*LANE)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404))
def lane(number: int, act: str) -> dict[str, Any]:
    """Open or close a lane. A vehicle that is already there is still served."""
    changed = settle(service.set_lane_open(actor(), number, act == "open"))
    return {"lane": number, "open": act == "open", "revision": changed.revision}


@api.put("/office/message")
@requires("supervisor", "admin")
@api.arguments(MessageBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 422))
def message(body: dict[str, Any]) -> dict[str, Any]:
    """Set the line on the screens of the office."""
    changed = settle(service.set_option(actor(), "message", body["message"]))
    return {"message": body["message"], "revision": changed.revision}
