"""The pages of screens, for displays and for staff. A screen without a right sees how to enrol (`enrol_views`)."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ampera import clock, db, formats
from ampera.audit import Actor
from ampera.board.live import board_state
from ampera.board.screens import template_data, voice_views
from ampera.board.screens.enrol_views import remember, unknown_screen
from ampera.board.screens.live import cookie_of, moved_from, watcher
from ampera.board.screens.signboard_texts import closed_line, on_screen
from ampera.board.watch_queries import Watch, named_watch, watch_of
from ampera.errors import Problem, Refusal
from ampera.offices.models import Office
from ampera.security import current_actor, public
from ampera.web import cookies

pages = Blueprint("board", __name__)


@pages.get("/board/<office>")
@pages.get("/board/<office>/<int:lane>")
@public
def board(office: str, lane: int | None = None) -> BaseResponse:
    """The screen of an office or a lane, for its staff and its displays. Other browsers see how to enrol a screen."""
    with db.reading() as session:
        watch = named_watch(session, office, lane, request.args.get("site"))
    actor = watcher(watch, current_actor()) if watch else None
    if watch is None or actor is None:
        if current_actor():
            raise Problem(Refusal.NOT_FOUND, 404)
        return unknown_screen(watch)
    is_display = actor.kind == "display"
    if is_display and _has_moved(actor, watch):
        return unknown_screen(watch)
    response = make_response(_page(watch, is_display))
    if is_display:
        _renew(response, actor)
    return response


def _has_moved(display: Actor, watch: Watch) -> bool:
    """Whether the display that was enrolled at this very address shows a larger part of the office now."""
    with db.reading() as session:
        is_home = watch_of(session, display).path == watch.path
    own = None if is_home else moved_from(watch)
    return own is not None and own[0].device_id == display.device_id


def _renew(response: BaseResponse, display: Actor) -> None:
    """Each visit of the page prolongs the cookie of the display."""
    with db.reading() as session:
        home = watch_of(session, display)
    if token := cookies.read(cookie_of(home)):
        remember(response, home, token)


def _page(watch: Watch, is_display: bool) -> str:
    with db.reading() as session:
        office = session.get_one(Office, watch.office_id)
        state = board_state(session, watch)
    lane = state["lanes"][0]["number"] if len(state["lanes"]) == 1 else None
    return render_template(
        "board/board.html",
        office=office,
        watch=watch,
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
