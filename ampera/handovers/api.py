"""JSON of the handover: checks while typing, the handover itself, and the safe question afterwards."""

from typing import Any

from flask import Response, jsonify
from marshmallow import fields, validate

from ampera import db
from ampera.accounts.authentication import is_own_password
from ampera.accounts.refusals import AccountRefusal
from ampera.api import Schema, blueprint, json_refusals
from ampera.errors import Problem, Refusal, raise_refusal
from ampera.handovers import queries, service, signatures, void_service
from ampera.handovers.collectors import CLASSES, EVIDENCE, Collector
from ampera.handovers.evidence import Identity
from ampera.handovers.submission import BookInHand, Request
from ampera.security import LANE, STAFF, actor, requires
from ampera.web import limits

api = blueprint("handovers", "The handover register.")
ID = validate.Range(1, 2**31 - 1)
MAX_BOOKS = 100


class IdentityBody(Schema):
    nik_last4 = fields.String(validate=validate.Length(1, 20))
    birth_date = fields.Date()
    document_last4 = fields.String(validate=validate.Length(1, 20))


class BookBody(Schema):
    passport_id = fields.Integer(required=True, strict=True, validate=ID)
    book = fields.String(required=True, validate=validate.Length(max=40))
    identity = fields.Nested(IdentityBody, required=True)


class CollectorBody(Schema):
    kind = fields.String(required=True, data_key="class", validate=validate.OneOf(CLASSES))
    name = fields.String(load_default="", validate=validate.Length(max=120))
    document = fields.String(load_default="", validate=validate.Length(max=40))
    document_last4 = fields.String(load_default="", validate=validate.Length(max=8))
    shown = fields.List(fields.String(validate=validate.OneOf(EVIDENCE)), required=True)


class HandoverBody(Schema):
    key = fields.UUID(required=True)
    visit_id = fields.Integer(required=True, strict=True, validate=ID)
    passports = fields.List(fields.Nested(BookBody), required=True, validate=validate.Length(1, MAX_BOOKS))
    collector = fields.Nested(CollectorBody, required=True)
    signature = fields.String(load_default=None, allow_none=True)
    unsigned_reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class CheckBody(Schema):
    passport_id = fields.Integer(required=True, strict=True, validate=ID)
    book = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    identity = fields.Nested(IdentityBody, load_default=None, allow_none=True)


class VoidBody(Schema):
    reason = fields.String(required=True, validate=validate.Length(max=300))
    shelf = fields.String(required=True, validate=validate.Length(max=40))
    password = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


@api.post("/visits/<int:visit_id>/checks")
@requires(*LANE)
@api.arguments(CheckBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def check(body: dict[str, Any], visit_id: int) -> dict[str, Any]:
    """Does what was typed match? The answer never says what was expected."""
    identity = Identity(**body["identity"]) if body["identity"] is not None else None
    return raise_refusal(service.check(actor(), visit_id, body["passport_id"], body["book"], identity))


@api.post("/handovers")
@requires(*LANE)
@api.arguments(HandoverBody)
@api.response(201)
@api.doc(responses=json_refusals(401, 403, 404, 409, 413, 422))
def hand_over(body: dict[str, Any]) -> Response:
    """Hand over all these books or none. The same key and body again answers 200 with the same answer."""
    answer = raise_refusal(service.hand_over(actor(), _request(body)))
    response = jsonify(answer.body)
    response.status_code = 201 if answer.is_new else 200
    return response


@api.get("/handovers/<uuid:key>")
@requires(*STAFF)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404))
def recorded(key: Any) -> dict[str, Any]:
    """What was recorded under this key."""
    with db.reading() as session:
        answer = queries.recorded_answer(session, actor().office_id or 0, str(key))
    if answer is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return answer


@api.post("/handovers/<int:handover_id>/void")
@requires(*STAFF)
@limits.guesses("20/minute")
@api.arguments(VoidBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422, 429))
def void(body: dict[str, Any], handover_id: int) -> dict[str, Any]:
    """Void a record: another supervisor than the officer, with a fresh sign-in or the password in the body."""
    has_proved = bool(body["password"])
    if has_proved and not is_own_password(actor(), body["password"]):
        raise Problem(AccountRefusal.WRONG_PASSWORD, 403, {"password": AccountRefusal.WRONG_PASSWORD})
    return raise_refusal(void_service.void(actor(), handover_id, body["reason"], body["shelf"], has_proved))


def _request(body: dict[str, Any]) -> Request:
    ids = [one["passport_id"] for one in body["passports"]]
    if twice := {f"passports.{n}.passport_id": Refusal.INVALID for n, one in enumerate(ids) if one in ids[:n]}:
        raise Problem(Refusal.INVALID, 422, twice)
    drawn = raise_refusal(signatures.read(body["signature"])) if body["signature"] else None
    collector = body["collector"]
    return Request(
        key=str(body["key"]),
        visit_id=body["visit_id"],
        books=tuple(
            BookInHand(one["passport_id"], one["book"], Identity(**one["identity"])) for one in body["passports"]
        ),
        collector=Collector(**{**collector, "shown": tuple(sorted(set(collector["shown"])))}),
        signature=drawn,
        unsigned_reason=body["unsigned_reason"],
    )
