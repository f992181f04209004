"""The screens' pages: what displays and staff see. A screen without a right is shown how to get one (`enrol_views`)."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ampera import clock, db, formats
from ampera.audit import Actor
from ampera.board import places
from ampera.board.live import board_state
from ampera.board.places import Place
from ampera.board.screens import template_data, voice_views
from ampera.board.screens.enrol_views import remember, unknown_screen
from ampera.board.screens.live import cookie_of, moved_from, watcher
from ampera.board.screens.signboard_texts import closed_line, on_screen
from ampera.errors import Problem, Refusal
from ampera.offices.models import Office
from ampera.security import current_actor, public

pages = Blueprint("board", __name__)


@pages.get("/board/<office>")
@pages.get("/board/<office>/<int:lane>")
@public
def board(office: str, lane: int | None = None) -> BaseResponse:
    """The screen of an office or a lane for its staff and its displays; anybody else learns how to enrol one."""
    with db.reading() as session:
        place = places.place_named(session, office, lane, request.args.get("site"))
    who = watcher(place, current_actor()) if place else None
    if place is None or who is None:
        if current_actor():
            raise Problem(Refusal.NOT_FOUND, 404)
        return unknown_screen(place)
    if who.kind == "display" and _hangs_elsewhere(who, place):
        return unknown_screen(place)
    response = make_response(_page(place, is_display=who.kind == "display"))
    if who.kind == "display":
        _keep(response, who)
    return response


def _hangs_elsewhere(who: Actor, place: Place) -> bool:
    """Whether the display that was enrolled at this very address has been moved to a greater part of the office."""
    with db.reading() as session:
        is_home = places.place_of(session, who).path == place.path
    own = None if is_home else moved_from(place)
    return own is not None and own[0].device_id == who.device_id


def _keep(response: BaseResponse, who: Actor) -> None:
    """Each visit of its page lets the display's cookie live longer."""
    with db.reading() as session:
        home = places.place_of(session, who)
    if token := request.cookies.get(cookie_of(home)):
        remember(response, home, token)


def _page(place: Place, is_display: bool) -> str:
    with db.reading() as session:
        office = session.get_one(Office, place.office_id)
        state = board_state(session, place)
    lane = state["lanes"][0]["number"] if len(state["lanes"]) == 1 else None
    return render_template(
        "board/board.html",
        office=office,
        place=place,
        state=state,
        calls=template_data.calls_of(state),
        visits_of=template_data.visits_of,
        line=closed_line(state["line"], office.timezone),
        words=on_screen(lane),
        is_display=is_display,
        voice=voice_views.address(),
        is_single=lane is not None,
        time=formats.time(clock.now(), office.timezone),
    )
