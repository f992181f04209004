"""JSON of pickups. Only the desk gets codes and links."""

from typing import Any

from ampera import clock, db
from ampera.api import blueprint
from ampera.errors import Problem, Refusal, raise_refusal
from ampera.passports.states import ON_SHELF
from ampera.pickups import queries, service
from ampera.pickups.codes import printed
from ampera.pickups.queries import Card, CardBook, CardCode
from ampera.pickups.schemas import CodeReasonBody, HandoutSchema, PickupSchema, UnlockSchema
from ampera.pickups.views import keys, site
from ampera.security import DESK, STAFF, SUPERVISOR, actor, requires

api = blueprint("pickups", "Pickups with their codes, links and booking codes.")


@api.get("/pickups/<int:pickup_id>")
@requires(*STAFF)
@api.answers(PickupSchema)
def pickup(pickup_id: int) -> dict[str, Any]:
    """Get a pickup of the caller's office.

    Its codes are only for callers who may see codes.
    """
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
@api.answers(HandoutSchema, 201)
@api.refuses({409: [Refusal.WRONG_STATE]})
def reissue(body: dict[str, Any], pickup_id: int) -> dict[str, Any]:
    """Issue a new code, link and booking code.

    The old ones are revoked. A lock of a book stays.
    """
    return _given(raise_refusal(service.reissue(actor(), pickup_id, body["reason"])).pickup_id)


@api.delete("/pickups/<int:pickup_id>/codes/current")
@requires(*DESK)
@api.arguments(CodeReasonBody)
@api.answers(None, 204)
@api.refuses({409: [Refusal.WRONG_STATE]})
def revoke(body: dict[str, Any], pickup_id: int) -> None:
    """Revoke the current code.

    No new code is issued.
    """
    raise_refusal(service.revoke(actor(), pickup_id, body["reason"]))


@api.post("/pickups/<int:pickup_id>/unlock")
@requires(*SUPERVISOR)
@api.arguments(CodeReasonBody)
@api.answers(UnlockSchema)
@api.refuses({409: [Refusal.WRONG_STATE], 429: [Refusal.TOO_MANY_REQUESTS]})
def unlock(body: dict[str, Any], pickup_id: int) -> dict[str, Any]:
    """Unlock the locked books of a pickup."""
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
        "locked": bool(card.locked),
        "misses": max((book.misses for book in card.books if book.state in ON_SHELF), default=0),
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
        "locked": book.locked_at is not None and book.state in ON_SHELF,
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
