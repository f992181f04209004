"""JSON of what needs a person."""

from typing import Any

from ampera import db
from ampera.api import blueprint
from ampera.attention import queries
from ampera.attention.kinds.registry import kinds_of
from ampera.attention.live import ROLES, prepared_place
from ampera.attention.schemas import AttentionSchema
from ampera.offices.queries import office_card
from ampera.security import actor, requires

api = blueprint("attention", "What needs a person.")


@api.get("/attention")
@requires(*ROLES)
@api.answers(AttentionSchema)
def attention() -> dict[str, Any]:
    """Count what needs the caller now.

    Each role gets the kinds that it may act on. The socket namespace `/attention` pushes the same state.
    """
    who = actor()
    with db.reading() as session:
        office = office_card(session, who.office_id or 0)
    place = prepared_place(office)
    with db.reading() as session:
        return queries.state(place, who.role, queries.counts(session, place, kinds_of(who.role)))
