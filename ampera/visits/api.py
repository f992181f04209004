"""JSON of scans and visits: load, authorize, act."""

from typing import Any

from flask import request
from marshmallow import fields, validate

from ampera import clock, db
from ampera.api import Schema, blueprint, json_refusals
from ampera.errors import settle
from ampera.limits import limiter
from ampera.offices.models import Office
from ampera.pickups.codes import Booking, recognise
from ampera.security import LANE, STAFF, actor, requires
from ampera.visits import queries, scanning, service, states
from ampera.visits.wording import worded

api = blueprint("visits", "Scans, and vehicles in the lanes.")


class ScanBody(Schema):
    scan_id = fields.UUID(required=True)
    lane = fields.Integer(required=True, strict=True, validate=validate.Range(0, 9999))
    input = fields.String(required=True)
    visit_id = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 2**31 - 1))


class MoveBody(Schema):
    lane = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(0, 9999))
    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))


class VisitsQuery(Schema):
    state = fields.String(load_default=None, validate=validate.OneOf(states.OPEN + states.ENDED))


def _is_typed() -> bool:
    body = request.get_json(silent=True) or {}
    return not isinstance(body, dict) or not isinstance(recognise(str(body.get("input", ""))), Booking)


@api.post("/scans")
@requires(*LANE)
@limiter.limit("30/minute", exempt_when=_is_typed)
@api.arguments(ScanBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 422, 429))
def scan(body: dict[str, Any]) -> dict[str, Any]:
    """Judge one scan. The same scan_id gives the same answer for ever."""
    body["scan_id"] = str(body["scan_id"])
    return worded(settle(scanning.scan(actor(), **body)))


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
        rows = queries.open_visits(session, office.id, clock.today(office.timezone), wanted)
        return {"visits": [queries.visit_card(session, row.id, who.staff_id) for row in rows]}


@api.post("/lanes/<int:number>/next")
@requires(*LANE)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 422))
def call_next(number: int) -> dict[str, Any]:
    """Call the next waiting vehicle to this lane; 404 when nobody waits."""
    return settle(service.call_next(actor(), number))


@api.post("/visits/<int:visit_id>/<any(call, recall, serve, divert, 'no-show', leave):move>")
@requires(*LANE)
@api.arguments(MoveBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def move(body: dict[str, Any], visit_id: int, move: str) -> dict[str, Any]:
    """Move a visit: call, recall, serve (claim), divert, no-show or leave."""
    return settle(_MOVES[move](actor(), visit_id, body["lane"], body["reason"]))


_MOVES = {
    "call": lambda who, visit, lane, _reason: service.call(who, visit, lane),
    "recall": lambda who, visit, lane, _reason: service.recall(who, visit, lane),
    "serve": lambda who, visit, lane, _reason: service.serve(who, visit, lane),
    "divert": lambda who, visit, _lane, reason: service.divert(who, visit, reason),
    "no-show": lambda who, visit, _lane, reason: service.mark_no_show(who, visit, reason),
    "leave": lambda who, visit, _lane, reason: service.leave(who, visit, reason),
}
