"""JSON of a shelf check: the scanned numbers compared with the record. The numbers are never stored."""

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
from ampera.passports.shelf_check import RackRow
from ampera.security import DESK, actor, requires
from ampera.web import guess_counter
from ampera.web.guess_counter import GuessLimit

UNKNOWN = GuessLimit("rack", shelf_check.MOST, PassportRefusal.NUMBERS_EXHAUSTED)

api = blueprint("shelves", "Checks of racks against the record.")


@api.post("/shelves/checks")
@requires(*DESK)
@api.arguments(RackBody)
@api.answers(RackCheckSchema)
@api.refuses({422: [PassportRefusal.SHELF_INVALID], 429: [PassportRefusal.NUMBERS_EXHAUSTED]})
def check(body: dict[str, Any]) -> Response:
    """Compare a rack with the record.

    Every book of the rack and every scanned number gets a verdict. With `is_finished` the counts are noted; the
    numbers are never stored. An account asks for at most 500 numbers an hour that no book has.
    """
    rack = rack_named(body["rack"])
    if rack is None:
        raise Problem(PassportRefusal.SHELF_INVALID, 422, {"rack": PassportRefusal.SHELF_INVALID})
    who, typed = actor(), shelf_check.numbers(body["numbers"])
    rows = compared(rack, typed)
    counts = shelf_check.counts(rows)
    if body["is_finished"]:
        audit.note_access(who, queries.ACTION, queries.subject(rack), counts)
    return jsonify(rack=rack, counts=counts, rows=[_row(row) for row in rows])


def compared(rack: str, typed: list[str]) -> list[RackRow]:
    """The rows of a check. Raises Problem 429 when this account has tried too many numbers that no book has."""
    who = actor()
    guess_counter.need_right(who, UNKNOWN)
    rows = db.long_read_in_thread(queries.compared, who.office_id or 0, rack, typed)
    guess_counter.need_answers(who, UNKNOWN, queries.unknown(rows))
    return rows


def rack_named(text: str) -> str | None:
    """The name of the rack in the form of the record; None when it cannot be a rack."""
    rack = place(text)
    return rack if rack and shelf_check.is_rack(rack) else None


def _row(row: RackRow) -> dict[str, Any]:
    book = row.book
    return {
        "verdict": row.verdict,
        "typed": row.typed,
        "why": row.why,
        "passport_id": book and book.passport_id,
        "holder_name": book and book.holder_name,
        "shelf": book and book.shelf,
        "pick": book and book.pick,
    }
