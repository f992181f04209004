"""JSON of books on their shelves: hold, release, move, cancel, allow late."""

from typing import Any

from marshmallow import fields, validate

from ampera.api import Schema, blueprint, json_refusals
from ampera.errors import Refused, raise_refusal
from ampera.passports import service
from ampera.passports.fields import MAX_SHELF
from ampera.security import DESK, SUPERVISOR, actor, requires

api = blueprint("passports", "Books on the shelves.")


class ReasonBody(Schema):
    reason = fields.String(required=True, validate=validate.Length(max=service.MAX_REASON))


class ShelfBody(Schema):
    shelf = fields.String(required=True, validate=validate.Length(max=MAX_SHELF))


class MinutesBody(Schema):
    minutes = fields.String(required=True, validate=validate.Length(max=service.MAX_MINUTES))


class LateBody(ReasonBody):
    until = fields.Date(required=True)


@api.post("/passports/<int:passport_id>/hold")
@requires(*DESK)
@api.arguments(ReasonBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def hold(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """Keep a ready book for a check at the inside counter."""
    return _book(service.hold(actor(), passport_id, body["reason"]))


@api.post("/passports/<int:passport_id>/release")
@requires(*DESK)
@api.arguments(ReasonBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def release(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """A held book is ready again."""
    return _book(service.release(actor(), passport_id, body["reason"]))


@api.post("/passports/<int:passport_id>/move")
@requires(*DESK)
@api.arguments(ShelfBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def move(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """The book stands on another shelf."""
    return _book(service.move(actor(), passport_id, body["shelf"]))


@api.post("/passports/<int:passport_id>/cancel")
@requires(*SUPERVISOR)
@api.arguments(MinutesBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def cancel(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """Cancel a passport with the number of the berita acara."""
    return _book(service.cancel(actor(), passport_id, body["minutes"]))


@api.post("/passports/<int:passport_id>/late")
@requires(*SUPERVISOR)
@api.arguments(LateBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def allow_late(body: dict[str, Any], passport_id: int) -> dict[str, Any]:
    """Let a book past its limit be collected until a day."""
    return _book(service.allow_late(actor(), passport_id, body["until"], body["reason"]))


def _book(result: service.Book | Refused) -> dict[str, Any]:
    book = raise_refusal(result)
    return {"passport_id": book.id, "state": book.state, "shelf": book.shelf, "held_reason": book.held_reason}
