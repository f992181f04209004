"""JSON of a shelf check: the numbers scanned so far against the record; the numbers themselves are never kept."""

from typing import Any

from flask import jsonify
from werkzeug.wrappers import Response

from ampera import audit, db
from ampera.api import blueprint
from ampera.desk.shelves import queries
from ampera.desk.shelves.schemas import RackBody, RackCheckSchema
from ampera.errors import Problem
from ampera.passports import shelf_check
from ampera.passports.fields import place
from ampera.passports.refusals import PassportRefusal
from ampera.passports.shelf_check import Line
from ampera.security import DESK, actor, requires

api = blueprint("shelves", "Checking which books stand in a rack.")


@api.post("/shelves/checks")
@requires(*DESK)
@api.arguments(RackBody)
@api.answers(RackCheckSchema)
@api.refuses({422: [PassportRefusal.SHELF_INVALID]})
def check(body: dict[str, Any]) -> Response:
    """Compare a rack with the record.

    Every book of the rack and every scanned number gets a verdict. With `is_finished` the counts are noted; the
    numbers are never stored.
    """
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
