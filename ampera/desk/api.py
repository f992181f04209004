"""JSON of the search for books. It is in this slice because passports, to the left, know no booking codes."""

from typing import Any

from flask import request

from ampera import audit, clock, db
from ampera.api import blueprint
from ampera.desk.schemas import FoundBooksSchema, SearchQuery
from ampera.desk.search_queries import Hit, hits, is_guessable
from ampera.errors import Refusal
from ampera.offices.queries import office_card
from ampera.security import STAFF, actor, requires
from ampera.web.limits import limiter

GUESSES_PER_MINUTE = "30/minute"

api = blueprint("finding", "Search for books of the caller's office.")


def is_free() -> bool:
    return not is_guessable(request.args.get("q", ""))


@api.get("/passports")
@requires(*STAFF)
@limiter.limit(GUESSES_PER_MINUTE, exempt_when=is_free)
@api.arguments(SearchQuery, location="query")
@api.answers(FoundBooksSchema)
@api.refuses({429: [Refusal.TOO_MANY_REQUESTS]})
def passports(query: dict[str, Any]) -> dict[str, Any]:
    """Find books.

    At most 50 books that match a name, an application number, a phone number, a shelf, a booking code or the whole
    number of a passport. Each search is recorded.
    """
    with db.reading() as session:
        office = office_card(session, actor().office_id or 0)
    found = db.long_read_in_thread(hits, office, query["q"], clock.today(office.timezone))
    if query["q"].strip():
        audit.note_search(actor(), "books", query["q"], len(found))
    return {"passports": [_hit(hit) for hit in found]}


def _hit(hit: Hit) -> dict[str, Any]:
    book = hit.book
    return {
        "passport_id": book.id,
        "pickup_id": book.pickup_id,
        "application_no": book.application_no,
        "holder_name": book.holder_name,
        "state": book.state,
        "status": hit.status,
        "shelf": book.shelf,
        "deadline": hit.last_day.isoformat(),
    }
