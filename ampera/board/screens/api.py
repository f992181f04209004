"""The office's screens as JSON, for their page and for monitoring."""

from typing import Any

from ampera import clock, db
from ampera.api import blueprint
from ampera.board.live import screens
from ampera.board.screens import labels, queries
from ampera.board.screens.schemas import ScreensSchema
from ampera.offices.models import Office
from ampera.security import ADMIN, SUPERVISOR, actor, requires

api = blueprint("screens", "The office's screens and whether they show the present state.")


@api.get("/screens")
@requires(*SUPERVISOR, *ADMIN)
@api.answers(ScreensSchema)
def listed() -> dict[str, Any]:
    """List the enrolled screens.

    Each with its place, whether it shows the present state, and the revision it showed last.
    """
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        rows = queries.screens_of(session, office.id, screens())
    return {
        "revision": office.revision,
        "at": clock.iso(clock.now()),
        "screens": [
            {**row, "word": str(labels.STATES[row["state"]]), "said": labels.details(row, office.timezone)}
            for row in rows
        ],
    }
