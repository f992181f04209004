"""JSON of scans and visits: load, authorize, act."""

from collections.abc import Callable
from typing import Any

from flask import request
from marshmallow import fields, validate

from ampera import clock, db
from ampera.api import Schema, blueprint, json_refusals
from ampera.errors import raise_refusal
from ampera.offices.models import Office
from ampera.pickups.codes import ShortCode, recognise
from ampera.security import LANE, STAFF, actor, requires
from ampera.visits import queries, states
from ampera.visits.moves import calls, changes, service, undo
from ampera.visits.scan import service as scan_service
from ampera.visits.scan.messages import worded
from ampera.visits.scan.request import ScanRequest, Vehicle
from ampera.web.limits import limiter

api = blueprint("visits", "Scans, and vehicles in the lanes.")


class ScanBody(Schema):
    scan_id = fields.UUID(required=True)
    lane = fields.Integer(required=True, strict=True, validate=validate.Range(0, 9999))
    input = fields.String(required=True)
    visit_id = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 2**31 - 1))
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.VEHICLES))
    priority = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.PRIORITIES))
    plate = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))


class MoveBody(Schema):
    lane = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(0, 9999))
    window = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 99))
    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))


class NextBody(Schema):
    window = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 99))


class PriorityBody(Schema):
    reason = fields.String(required=True, allow_none=True, validate=validate.OneOf(states.PRIORITIES))


class VehicleBody(Schema):
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(states.VEHICLES))
    plate = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))


class VisitsQuery(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf(states.OPEN + states.ENDED))


def _is_typed() -> bool:
    body = request.get_json(silent=True) or {}
    return not isinstance(body, dict) or not isinstance(recognise(str(body.get("input", ""))), ShortCode)


@api.post("/scans")
@requires(*LANE)
@limiter.limit("30/minute", exempt_when=_is_typed)
@api.arguments(ScanBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 422, 429))
def scan(body: dict[str, Any]) -> dict[str, Any]:
    """Judge one scan. The same scan_id gives the same answer for ever."""
    vehicle = Vehicle(body["kind"], body["priority"], body["plate"])
    wanted = ScanRequest(str(body["scan_id"]), body["lane"], body["input"], body["visit_id"], vehicle)
    return worded(raise_refusal(scan_service.scan(actor(), wanted)))


@api.get("/visits")
@requires(*STAFF)
@api.arguments(VisitsQuery, location="query")
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 422))
def visits(query: dict[str, Any]) -> dict[str, Any]:
    """Today's visits of the caller's office in one state, or all open ones."""
    who = actor()
    wanted = (query["state"],) if query["state"] else states.OPEN
    with db.reading() as session:
        office = session.get_one(Office, who.office_id)
        rows = queries.visits_in(session, office.id, clock.today(office.timezone), wanted)
        return {"visits": [queries.visit_card(session, row.id, who.staff_id) for row in rows]}


@api.post("/lanes/<int:number>/next")
@requires(*LANE)
@api.arguments(NextBody, required=False)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 422))
def call_next(body: dict[str, Any], number: int) -> dict[str, Any]:
    """Call the next waiting vehicle to this lane; 404 when nobody waits."""
    return raise_refusal(calls.call_next(actor(), number, body.get("window")))


@api.post("/visits/<int:visit_id>/<any(call, recall, serve, divert, 'no-show', leave, return, transfer, undo):move>")
@requires(*LANE)
@api.arguments(MoveBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def move(body: dict[str, Any], visit_id: int, move: str) -> dict[str, Any]:
    """Move a visit: call, recall, serve (claim), divert, no-show, leave, return, transfer to a lane, or undo."""
    return raise_refusal(_MOVES[move](actor(), visit_id, **body))


@api.post("/visits/<int:visit_id>/priority")
@requires(*LANE)
@api.arguments(PriorityBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def priority(body: dict[str, Any], visit_id: int) -> dict[str, Any]:
    """Let a waiting vehicle go first, for a reason, or (null) in its turn again. Its number changes with it."""
    return raise_refusal(changes.set_priority(actor(), visit_id, body["reason"]))


@api.post("/visits/<int:visit_id>/vehicle")
@requires(*LANE)
@api.arguments(VehicleBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def vehicle(body: dict[str, Any], visit_id: int) -> dict[str, Any]:
    """Correct the kind of vehicle or its plate ("" forgets the plate)."""
    return raise_refusal(changes.set_vehicle(actor(), visit_id, **body))


@api.delete("/visits/<int:visit_id>/pickups/<int:pickup_id>")
@requires(*LANE)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409))
def take_out(visit_id: int, pickup_id: int) -> dict[str, Any]:
    """Take a code out of the car again; a visit without any ends."""
    return raise_refusal(changes.take_out(actor(), visit_id, pickup_id))


def _by_reason(move: Callable[..., Any]) -> Callable[..., Any]:
    return lambda who, visit, lane, window, reason: move(who, visit, reason)


_MOVES: dict[str, Callable[..., Any]] = {
    "call": calls.call,
    "recall": lambda who, visit, lane, window, reason: calls.recall(who, visit, lane),
    "serve": service.serve,
    "divert": _by_reason(service.divert),
    "no-show": _by_reason(service.mark_no_show),
    "leave": _by_reason(service.leave),
    "return": _by_reason(service.take_back),
    "transfer": calls.transfer,
    "undo": lambda who, visit, lane, window, reason: undo.undo(who, visit),
}
