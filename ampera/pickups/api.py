"""JSON of pickups. Only the desk gets codes and links."""

from typing import Any

from marshmallow import fields, validate

from ampera import clock, db
from ampera.api import Schema, blueprint, json_refusals
from ampera.errors import Problem, Refusal, raise_refusal
from ampera.pickups import queries, service
from ampera.pickups.codes import printed
from ampera.pickups.queries import Card, CardBook, CardCode
from ampera.pickups.views import keys, site
from ampera.security import DESK, STAFF, SUPERVISOR, actor, requires

api = blueprint("pickups", "The right to collect: codes, links and booking codes.")


class CodeReasonBody(Schema):
    reason = fields.String(load_default="", validate=validate.Length(max=service.MAX_REASON))


@api.get("/pickups/<int:pickup_id>")
@requires(*STAFF)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404))
def pickup(pickup_id: int) -> dict[str, Any]:
    """One pickup of the caller's office; its codes only for the desk."""
    with db.reading() as session:
        card = queries.card(session, pickup_id, actor().office_id)
    if card is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    may_see_codes = actor().role in DESK
    answer = _card(card) | {"codes": [_generation(code, may_see_codes) for code in card.codes]}
    return answer | (_given(pickup_id) if may_see_codes else {})


@api.post("/pickups/<int:pickup_id>/codes")
@requires(*DESK)
@api.arguments(CodeReasonBody)
@api.response(201)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def reissue(body: dict[str, Any], pickup_id: int) -> dict[str, Any]:
    """A new code, link and booking code; the old ones are revoked."""
    return _given(raise_refusal(service.reissue(actor(), pickup_id, body["reason"])).pickup_id)


@api.delete("/pickups/<int:pickup_id>/codes/current")
@requires(*DESK)
@api.arguments(CodeReasonBody)
@api.response(204)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def revoke(body: dict[str, Any], pickup_id: int) -> None:
    """The current code ends without a new one."""
    raise_refusal(service.revoke(actor(), pickup_id, body["reason"]))


@api.post("/pickups/<int:pickup_id>/unlock")
@requires(*SUPERVISOR)
@api.arguments(CodeReasonBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def unlock(body: dict[str, Any], pickup_id: int) -> dict[str, Any]:
    """Open the lock that identity misses shut."""
    return {"pickup_id": raise_refusal(service.unlock(actor(), pickup_id, body["reason"])).pickup_id, "locked": False}


def _given(pickup_id: int) -> dict[str, Any]:
    with db.reading() as session:
        found = queries.handouts(session, keys(), site(), [pickup_id])
    nothing = {"pickup_id": pickup_id, "link": None, "code": None, "booking_code": None}
    return nothing | (vars(found[0]) if found else {})


def _card(card: Card) -> dict[str, Any]:
    return {
        "pickup_id": card.pickup_id,
        "group": card.group_name,
        "locked": card.locked_at is not None,
        "misses": card.misses,
        "deadline": card.deadline and card.deadline.isoformat(),
        "created_at": clock.iso(card.created_at),
        "passports": [_book(book) for book in card.books],
    }


def _book(book: CardBook) -> dict[str, Any]:
    return {
        "passport_id": book.passport_id,
        "holder_name": book.holder_name,
        "state": book.state,
        "status": book.status,
        "shelf": book.shelf,
        "deadline": book.deadline.isoformat(),
    }


def _generation(code: CardCode, may_see_codes: bool) -> dict[str, Any]:
    line = {
        "generation": code.generation,
        "state": code.state,
        "created_at": clock.iso(code.created_at),
        "ended_at": clock.iso(code.ended_at),
    }
    return line | ({"booking_code": printed(code.booking_code)} if may_see_codes else {})
