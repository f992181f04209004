"""JSON of books on their way from the shelf to a window; the desk's own state follows as news."""

from typing import Any

from marshmallow import fields, validate

from ampera.api import Schema, blueprint, json_refusals
from ampera.errors import message, raise_refusal
from ampera.security import STAFF, actor, requires
from ampera.visits.picks import service
from ampera.visits.picks.locations import ACTS

api = blueprint("picks", "Books on their way from the shelf to a window.")


class PicksBody(Schema):
    passport_ids = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 2**31 - 1)),
        required=True,
        validate=validate.Length(1, service.MOST),
    )
    act = fields.String(required=True, validate=validate.OneOf(tuple(ACTS)))
    lane = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(0, 9999))
    window = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 99))


@api.post("/desk/picks")
@requires(*STAFF)
@api.arguments(PicksBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 404, 409, 422))
def pick(body: dict[str, Any]) -> dict[str, Any]:
    """Take a batch, hand it to a window, tell that it is missing or found, or put it back; an officer may only hand.

    Books that somebody else was faster with stand in `refused`, with who has them.
    """
    picked = raise_refusal(service.pick(actor(), **body))
    refused = [{**one, "message": message(one["code"], 409)} for one in picked.refused]
    return {"picks": list(picked.done), "refused": refused}
