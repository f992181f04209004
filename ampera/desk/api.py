"""JSON of the search for books. It is in this slice because passports, to the left, know no booking codes."""

from typing import Any

from flask import request

from ampera import audit, clock, db
from ampera.api import blueprint
from ampera.desk.schemas import FoundBooksSchema, SearchBody, SearchQuery
from ampera.desk.search_queries import Hit, hits, is_guessable, without_code
from ampera.errors import Problem, Refusal
from ampera.offices.options.rights import SEARCH, is_given
from ampera.offices.queries import office_card
from ampera.offices.refusals import OfficeRefusal
from ampera.scopes import only_reads
from ampera.security import STAFF, actor, requires
from ampera.web.limits import limiter

GUESSES_PER_MINUTE = "30/minute"

REFUSALS = {403: [OfficeRefusal.RIGHT_NOT_GIVEN], 429: [Refusal.TOO_MANY_REQUESTS]}

api = blueprint("finding", "Search for books of the caller's office.")


def searched_text() -> str:
    """The text of this search: of the body when it is posted, else of the address. Never of the one for the other."""
    if request.method != "POST":
        return request.args.get("q", "").strip()
    body = request.get_json(silent=True) if request.is_json else request.form
    text = body.get("q") if isinstance(body, dict) else None
    return text.strip() if isinstance(text, str) else ""


def is_free() -> bool:
    return not is_guessable(searched_text())


guesses = limiter.shared_limit(GUESSES_PER_MINUTE, scope="search", exempt_when=is_free)


@api.get("/passports")
@requires(*STAFF)
@guesses
@api.arguments(SearchQuery, location="query")
@api.answers(FoundBooksSchema)
@api.refuses(REFUSALS)
def passports(query: dict[str, Any]) -> dict[str, Any]:
    """Find books.

    At most 50 books that match a name, an application number, a phone number, a shelf, a booking code or the whole
    number of a passport. Each search is recorded. For programs: the address of a search stays in logs of proxies, so
    whatever a person types goes by `POST /passports/search`.
    """
    return _found(query["q"])


@api.post("/passports/search")
@only_reads
@requires(*STAFF)
@guesses
@api.arguments(SearchBody)
@api.answers(FoundBooksSchema)
@api.refuses(REFUSALS)
def search(body: dict[str, Any]) -> dict[str, Any]:
    """Find books by a text that no address contains.

    The same as `GET /passports?q=`, with the name, number or code in the body.
    """
    return _found(body["q"])


def _found(text: str) -> dict[str, Any]:
    with db.reading() as session:
        office = office_card(session, actor().office_id or 0)
    if not is_given(office.options, SEARCH, actor().role):
        raise Problem(OfficeRefusal.RIGHT_NOT_GIVEN, 403)
    found = db.read_in_thread(hits, office, text, clock.today(office.timezone))
    if text.strip():
        audit.note_search(actor(), "books", without_code(text), len(found), [hit.book.id for hit in found])
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
