"""JSON of a shelf check: the numbers scanned so far against the record; the numbers themselves are never kept."""

from typing import Any

from flask import jsonify
from marshmallow import fields, validate
from werkzeug.wrappers import Response

from ampera import audit, db
from ampera.api import Schema, blueprint, json_refusals
from ampera.desk.shelves import queries
from ampera.errors import Problem
from ampera.passports import shelf_check
from ampera.passports.fields import MAX_SHELF, place
from ampera.passports.refusals import PassportRefusal
from ampera.passports.shelf_check import Line
from ampera.security import DESK, actor, requires

api = blueprint("shelves", "Checking which books stand in a rack.")


class RackBody(Schema):
    rack = fields.String(required=True, validate=validate.Length(1, MAX_SHELF))
    numbers = fields.List(
        fields.String(validate=validate.Length(max=100)), required=True, validate=validate.Length(max=shelf_check.MOST)
    )
    is_finished = fields.Boolean(load_default=False)


@api.post("/shelves/checks")
@requires(*DESK)
@api.arguments(RackBody)
@api.response(200)
@api.doc(responses=json_refusals(401, 403, 422))
def check(body: dict[str, Any]) -> Response:
    """Every book of the rack and every scanned number with its verdict; `is_finished` notes the counts."""
    rack = rack_named(body["rack"])
    if rack is None:
        raise Problem(PassportRefusal.SHELF_INVALID, 422, {"rack": PassportRefusal.SHELF_INVALID})
    who, typed = actor(), shelf_check.numbers(body["numbers"])
    lines = db.long_read_in_thread(queries.compared, who.office_id or 0, rack, typed)
    counts = shelf_check.counts(lines)
    if body["is_finished"]:
        audit.note_access(who, queries.ACTION, queries.subject(rack), counts)
    return jsonify(rack=rack, counts=counts, rows=[_row(line) for line in lines])


def rack_named(text: str) -> str | None:
    """The rack as shelves are written, or None when no rack can be called so."""
    rack = place(text)
    return rack if rack and shelf_check.is_rack(rack) else None


def _row(line: Line) -> dict[str, Any]:
    book = line.book
    return {
        "verdict": line.verdict,
        "typed": line.typed,
        "why": line.why,
        "passport_id": book and book.passport_id,
        "holder_name": book and book.holder_name,
        "shelf": book and book.shelf,
        "pick": book and book.pick,
    }
