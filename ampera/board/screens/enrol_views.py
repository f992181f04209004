"""How a screen comes to its right: by the one-time code that it shows, or by a link with a token behind `#`.

Codes, secrets and tokens travel in bodies and cookies only: no address, log or title ever holds one.
"""

import secrets
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ampera import clock, db
from ampera.accounts import device_service, enrolment_codes
from ampera.accounts.queries import actor_of_device, knock_state
from ampera.audit import Actor
from ampera.board import places
from ampera.board.places import Place
from ampera.board.screens.live import cookie_of, moved_from
from ampera.errors import Problem, Refusal, raise_refusal
from ampera.offices.models import Office
from ampera.security import current_actor, new_token, public, token_hash
from ampera.web import limits

KEPT_DAYS = 400  # the longest that browsers keep a cookie; each visit of the page starts anew
ASK_EVERY = 1.5  # seconds

pages = Blueprint("enrol", __name__)


@pages.get("/board")
@public
def front() -> BaseResponse:
    """A screen that knows no office yet; staff come to their own office's board."""
    who = current_actor()
    if who is None:
        return unknown_screen(None)
    with db.reading() as session:
        return redirect(places.place_of(session, who).path)


def unknown_screen(place: Place | None) -> BaseResponse:
    """The code to enrol this screen; one that hangs elsewhere now is sent there."""
    if moved := moved_from(place):
        who, token = moved
        with db.reading() as session:
            home = places.place_of(session, who)
        response = redirect(home.path)
        remember(response, home, token)
        return response
    with db.reading() as session:
        office = session.get(Office, place.office_id) if place else None
    return make_response(render_template("board/enrol.html", office=office, place=place, ask_every=ASK_EVERY))


@pages.post("/board/knock")
@public
@limits.guesses("30 per 10 minutes")
def knock() -> Response:
    """A code to show on this screen, and the secret to ask with whether it was confirmed."""
    _body()
    secret = secrets.token_urlsafe(32)
    made = raise_refusal(device_service.knock(token_hash(secret)))
    left = (made.expires_at - clock.now()).total_seconds()
    return jsonify(
        code=enrolment_codes.shown(made.code),
        secret=secret,
        expires_at=clock.iso(made.expires_at),
        expires_in_s=round(left),
    )


@pages.post("/board/collect")
@public
@limits.guesses("3000/minute")
def collect() -> Response:
    """Whether the code was confirmed. Then, once, the display's cookie and where to go; 404 afterwards."""
    body = _body()
    hashed = token_hash(_text(body, "secret"))
    with db.reading() as session:
        state = knock_state(session, hashed)
    if state == "waiting":
        return jsonify(state=state)
    token = new_token("display")
    if state is None or device_service.collect(hashed, token_hash(token)) is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return _entered(token, body)


@pages.post("/board/enter")
@public
@limits.guesses("30/minute")
def enter() -> Response:
    """From the token of an enrolled link to the display's cookie. Answers with the display's page."""
    body = _body()
    return _entered(_text(body, "token"), body)


def remember(response: BaseResponse, place: Place, token: str) -> None:
    """Keep the right of the display that hangs here in its browser."""
    response.set_cookie(
        cookie_of(place),
        token,
        max_age=KEPT_DAYS * 24 * 3600,
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
    )


def _entered(token: str, body: dict[str, Any]) -> Response:
    """The cookie of the display's place, and of the address where its screen asked: it will open that one again."""
    with db.reading() as session:
        who = actor_of_device(session, token_hash(token))
        if who is None:
            raise Problem(Refusal.NOT_FOUND, 404)
        home = places.place_of(session, who)
        here = places.asked(session, body) if "office" in body else None
    response = jsonify(state="enrolled", office=home.office, lane=home.lane, site=home.site, path=home.path)
    remember(response, home, token)
    if here and not _is_of_another(here, who):
        remember(response, here, token)
    return response


def _is_of_another(here: Place, who: Actor) -> bool:
    """Whether this browser already drives another display at that address."""
    kept = moved_from(here)
    return kept is not None and kept[0].device_id != who.device_id


def _body() -> dict[str, Any]:
    """JSON only: a form of another site can send none."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Problem(Refusal.BAD_REQUEST, 400)
    return body


def _text(body: dict[str, Any], name: str) -> str:
    if not isinstance(body.get(name), str):
        raise Problem(Refusal.BAD_REQUEST, 400)
    return body[name][:200]
