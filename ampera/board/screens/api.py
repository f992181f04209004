"""How the office's screens keep up, for their page and for monitoring."""

from typing import Any

from ampera import clock, db
from ampera.api import blueprint, json_refusals
from ampera.board.live import screens
from ampera.board.screens import labels, queries
from ampera.offices.models import Office
from ampera.security import ADMIN, SUPERVISOR, actor, requires

api = blueprint("screens", "Which screens the office has and whether they keep up.")


@api.get("/screens")
@requires(*SUPERVISOR, *ADMIN)
@api.response(200)
@api.doc(responses=json_refusals(401, 403))
def listed() -> dict[str, Any]:
    """Every enrolled screen: its place, its state (`current`, `behind`, `gone`, `never`), what it showed last."""
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        rows = queries.screens_of(session, office.id, screens())
    return {
        "revision": office.revision,
        "at": clock.iso(clock.now()),
        "screens": [
            {**row, "word": str(labels.WORDS[row["state"]]), "said": labels.said(row, office.timezone)} for row in rows
        ],
    }
