"""JSON of books on their way from the shelf to a window. The new state of the desk follows as news."""

from dataclasses import asdict
from typing import Any

from ampera.api import blueprint
from ampera.errors import Refusal, message, raise_refusal
from ampera.offices.refusals import OfficeRefusal
from ampera.security import STAFF, actor, requires
from ampera.visits.picks import service
from ampera.visits.picks.schemas import REASONS, NothingPickedSchema, PickedSchema, PicksBody
from ampera.visits.refusals import VisitRefusal

api = blueprint("picks", "Books on their way from the shelf to a window.")


@api.post("/desk/picks")
@requires(*STAFF)
@api.arguments(PicksBody)
@api.answers(PickedSchema)
@api.refuses(
    {404: [Refusal.NOT_FOUND], 409: REASONS, 422: [OfficeRefusal.UNKNOWN_LANE, VisitRefusal.UNKNOWN_WINDOW]},
    NothingPickedSchema,
)
def pick(body: dict[str, Any]) -> dict[str, Any]:
    """Record what happened to a batch of books.

    Acts: `take` from the shelf, `hand` to a window, `take_back` from a window, `missing`, `found`, `shelve`.
    An officer may only hand.
    Books that a colleague has already are in `refused`, with the name of the colleague.
    """
    picked = raise_refusal(service.pick(actor(), **body))
    refused = [{**asdict(book), "message": message(book.code, 409)} for book in picked.refused]
    return {"picks": [asdict(book) for book in picked.done], "refused": refused}
