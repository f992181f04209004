"""The screens' pages. An enrolled link carries its token behind `#`, where no server or log sees it; the page
gives it once to `/board/enter`, which turns it into a cookie that scripts cannot read.
"""

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ampera import clock, db, limits
from ampera.accounts.queries import actor_of_device
from ampera.audit import Actor
from ampera.board import places, queries, showing, voice_views
from ampera.board.live import screen_cookie, watcher
from ampera.board.places import Place
from ampera.board.words import line_said, on_screen
from ampera.errors import Problem
from ampera.offices.models import Office
from ampera.security import current_actor, public, token_hash

KEPT_DAYS = 400  # the longest that browsers keep a cookie; each visit of the page starts anew

pages = Blueprint("board", __name__)


@pages.get("/board/<office>")
@pages.get("/board/<office>/<int:lane>")
@public
def board(office: str, lane: int | None = None) -> BaseResponse:
    """The screen of an office or a lane for its staff and its displays; anybody else learns how to enrol one."""
    with db.reading() as session:
        place = places.place_named(session, office, lane)
    who = watcher(place, current_actor()) if place else None
    if place is None or who is None:
        if current_actor():
            raise Problem("not_found", 404)
        return make_response(render_template("board/enrol.html"))
    response = make_response(_page(place, is_display=who.kind == "display"))
    if who.kind == "display":
        _remember(response, who, request.cookies.get(screen_cookie(who.office_id, who.lane_id), ""))
    return response


@pages.post("/board/enter")
@public
@limits.guesses("30/minute")
def enter() -> Response:
    """From the token of an enrolled link to the display's cookie. Answers with the display's page."""
    body = request.get_json(silent=True)
    token = body.get("token") if isinstance(body, dict) else None
    if not isinstance(token, str):
        raise Problem("bad_request", 400)
    with db.reading() as session:
        who = actor_of_device(session, token_hash(token[:200]))
        place = who and places.place_of(session, who)
    if who is None:
        raise Problem("not_found", 404)
    response = jsonify(office=place.office, lane=place.lane)
    _remember(response, who, token)
    return response


def _page(place: Place, is_display: bool) -> str:
    with db.reading() as session:
        office = session.get_one(Office, place.office_id)
        state = queries.screen_state(session, place.office_id, place.lane_id)
    lane = state["lanes"][0]["number"] if len(state["lanes"]) == 1 else None
    return render_template(
        "board/board.html",
        office=office,
        place=place,
        state=state,
        calls=showing.calls_of(state),
        visits_of=showing.visits_of,
        line=line_said(state.get("line"), office.timezone),
        words=on_screen(lane),
        is_display=is_display,
        voice=voice_views.address(),
        is_single=lane is not None,
        time=clock.local(clock.now(), office.timezone).strftime("%H.%M"),
    )


def _remember(response: BaseResponse, who: Actor, token: str) -> None:
    if token:
        response.set_cookie(
            screen_cookie(who.office_id, who.lane_id),
            token,
            max_age=KEPT_DAYS * 24 * 3600,
            httponly=True,
            secure=request.is_secure,
            samesite="Lax",
        )
