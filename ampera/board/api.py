"""The states of the sockets over HTTP, for a page that reconnects and for other programs."""

import functools
from collections.abc import Callable
from typing import Any

from flask import request

from ampera import db
from ampera.api import blueprint
from ampera.board import desk_queries, lane_queries, pace_queries, pickup_queries, watch_queries
from ampera.board.live import board_state, screens
from ampera.board.pace_schemas import PaceStateSchema
from ampera.board.schemas import BoardSchema, DeskStateSchema, LaneStateSchema, PickupStateSchema
from ampera.board.screens.live import watcher
from ampera.board.watch_queries import Watch
from ampera.errors import Problem, Refusal
from ampera.live import snapshot_cache
from ampera.offices.queries import lane_numbered
from ampera.security import (
    ANYONE,
    LANE,
    STAFF,
    SUPERVISOR,
    actor,
    current_actor,
    people_only,
    public,
    requires,
)
from ampera.web.limits import per_link, unknown_links

SITE = {"in": "query", "name": "site", "schema": {"type": "string"}, "description": "Only the lanes of this site."}
REQUESTS = "240/minute"  # per link: a hundred phones may share one address, and all of them ask when the server is back

api = blueprint("board", "The present state of screens, tablets, the desk and applicants' pages.")


def watches(view: Callable[[Watch], Any]) -> Callable[..., Any]:
    """Lets a caller in who may watch the screen in the address. Other callers with a session get 404."""

    @functools.wraps(view)
    def guarded(office: str, lane: int | None = None) -> Any:
        with db.reading() as session:
            shown = watch_queries.named_watch(session, office, lane, request.args.get("site"))
        if shown is None or watcher(shown, current_actor()) is None:
            raise Problem(*(Refusal.NOT_FOUND, 404) if current_actor() else (Refusal.SIGN_IN_NEEDED, 401))
        return view(shown)

    guarded.access = ("display", *ANYONE)  # type: ignore[attr-defined]
    return guarded


@api.get("/boards/<office>")  # ?site= for the screen of one site
@api.get("/boards/<office>/<int:lane>")
@watches
@api.answers(BoardSchema)
@api.doc(parameters=[SITE])
def board(shown: Watch) -> dict[str, Any]:
    """Get the state of a screen.

    The screen of an office, of one of its sites, or of one lane.
    """
    with db.reading() as session:
        return board_state(session, shown)


@api.get("/lanes/<int:number>/state")
@requires(*LANE)
@api.answers(LaneStateSchema)
def lane(number: int) -> dict[str, Any]:
    """Get the state of the tablet of a lane."""
    who = actor()
    with db.reading() as session:
        found = lane_numbered(session, who.office_id, number)
        if found is None:
            raise Problem(Refusal.NOT_FOUND, 404)
        return lane_queries.lane_state(session, who.office_id, found.id, screens(), who.staff_id)


@api.get("/pace")
@requires(*SUPERVISOR)
@people_only
@api.answers(PaceStateSchema)
def pace() -> dict[str, Any]:
    """Get the pace of all lanes and officers.

    For supervisors, in person: how much an officer serves is nobody else's. The socket namespace `/pace` pushes the
    same state.
    """
    with db.reading() as session:
        return pace_queries.pace_state(session, actor().office_id or 0)


@api.get("/desk/state")
@requires(*STAFF)
@api.answers(DeskStateSchema)
def desk() -> dict[str, Any]:
    """Get the pick list of the desk.

    Books to fetch and where each one is, the order along the shelves, books to put back, and missing books.
    """
    with db.reading() as session:
        return desk_queries.desk_state(session, actor().office_id)


@api.get("/pickup-state/<link>")
@public
@unknown_links
@per_link(REQUESTS)
@api.answers(PickupStateSchema)
@api.refuses({429: [Refusal.TOO_MANY_REQUESTS]})
@api.doc(security=[])
def pickup(link: str) -> dict[str, Any]:
    """Get the state of an applicant's page.

    Public: the link in the path is the secret.
    """
    with db.reading() as session:
        code = watch_queries.code_of_link(session, link)
        if code is None:
            raise Problem(Refusal.NOT_FOUND, 404)
        return pickup_queries.pickup_state(session, code.pickup_id, snapshot_cache.shared("streets"))
