"""What staff change in the middle of a day: lanes and the whole line open or closed, and what the screens say."""

from typing import Any

from marshmallow import fields, validate

from ampera import clock
from ampera.api import Schema, blueprint, json_refusals
from ampera.errors import raise_refusal
from ampera.offices import closing_service, service
from ampera.offices.options.validation import MESSAGE_LENGTH
from ampera.security import LANE, actor, requires

OFFICE = ("supervisor", "admin")

api = blueprint("offices", "Lanes and the line that open and close, and what the screens say.")

until_field = {
    "load_default": None,
    "allow_none": True,
    "metadata": {"description": "with its zone, at most a year on"},
}


class MessageBody(Schema):
    message = fields.String(required=True, validate=validate.Length(max=MESSAGE_LENGTH))
    until = fields.AwareDateTime(**until_field)


class CloseBody(Schema):
    reason = fields.String(required=True, validate=validate.Length(1, MESSAGE_LENGTH))
    until = fields.AwareDateTime(**until_field)


@api.post("/lanes/<int:number>/<any(open, close):act>")
@requires(*LANE)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404))
def lane(number: int, act: str) -> dict[str, Any]:
    """Open or close a lane. A vehicle that is already there is still served."""
    changed = raise_refusal(service.set_lane_open(actor(), number, act == "open"))
    return {"lane": number, "open": act == "open", "revision": changed.revision}


@api.put("/office/message")
@requires(*OFFICE)
@api.arguments(MessageBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 422))
def message(body: dict[str, Any]) -> dict[str, Any]:
    """Set the line on the screens of the office; with `until` it stands in for the standing line until then."""
    text, until = body["message"], body["until"]
    if until is None:
        changed = raise_refusal(service.set_option(actor(), "message", text))
    else:
        changed = raise_refusal(closing_service.set_notice(actor(), text, until))
    return {"message": text, "until": clock.iso(until), "revision": changed.revision}


@api.post("/office/close")
@requires(*OFFICE)
@api.arguments(CloseBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 422))
def close(body: dict[str, Any]) -> dict[str, Any]:
    """Take no new vehicle until `until`, or until `/office/open`. Who is in the line is still served."""
    changed = raise_refusal(closing_service.close_now(actor(), body["reason"], body["until"]))
    return {"open": False, "until": clock.iso(body["until"]), "revision": changed.revision}


@api.post("/office/open")
@requires(*OFFICE)
@api.response(200)
@api.doc(responses=json_refusals(401, 403))
def open_again() -> dict[str, Any]:
    """The opening hours hold again at once."""
    changed = raise_refusal(closing_service.open_again(actor()))
    return {"open": True, "revision": changed.revision}
