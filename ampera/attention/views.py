"""`/attention`: what needs the reader now, the most urgent kind opened, each row with the act that ends it.

The page answers each role with its own kinds. Which names it has shown is recorded, as of every list of people.
"""

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from ampera import audit, db
from ampera.attention import queries
from ampera.attention.kind import Kind, Place, Row
from ampera.attention.kinds.registry import kinds_of
from ampera.attention.live import ROLES, prepared_place
from ampera.offices.queries import office_card
from ampera.security import actor, requires

MOST_PAGES = 10_000

pages = Blueprint("attention", __name__)


@pages.get("/attention")
@requires(*ROLES)
def attention() -> str:
    """`?kind=` opens another list than the most urgent one, `&page=` its next rows."""
    who = actor()
    with db.reading() as session:
        office = office_card(session, who.office_id or 0)
    place, kinds = prepared_place(office), kinds_of(who.role)
    with db.reading() as session:
        found = queries.counts(session, place, kinds)
        chosen = _chosen(kinds, found)
        opened = _opened(session, place, chosen, found) if chosen else {}
    _note(opened.get("rows", []))
    return render_template(
        "attention/attention.html",
        office=office,
        kinds=kinds,
        counts=found,
        total=sum(found.values()),
        kind=chosen,
        **opened,
    )


def _chosen(kinds: list[Kind], found: dict[str, int]) -> Kind | None:
    """The list that was asked for, if it is one of this role; else the first one with something in it."""
    asked = request.args.get("kind")
    by_name = {kind.name: kind for kind in kinds}
    return by_name.get(asked or "") or next((kind for kind in kinds if found[kind.name]), None)


def _opened(session: Session, place: Place, kind: Kind, found: dict[str, int]) -> dict[str, Any]:
    page = max(1, min(request.args.get("page", 1, int), MOST_PAGES))
    return {
        "rows": queries.rows(session, place, kind, page),
        "parts": list(kind.parts(session, place)) if kind.parts else [],
        "page": page,
        "is_last": page * queries.PER_PAGE >= found[kind.name],
        "per_page": queries.PER_PAGE,
    }


def _note(rows: list[Row]) -> None:
    shown = [row.passport_id for row in rows if row.passport_id]
    if shown:
        who = actor()
        audit.note_access(who, "attention.viewed", f"office:{who.office_id}", {"rows": len(shown), "shown": shown})
