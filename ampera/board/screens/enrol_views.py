"""How a screen is enrolled: by the one-time code that it shows, or by a link with a token after `#`.

Codes, secrets and tokens travel in bodies and cookies only: no address, log or title ever holds one.
"""

import secrets
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from ampera import clock, db
from ampera.accounts.devices import enrolment_codes
from ampera.accounts.devices import service as device_service
from ampera.accounts.queries import DISPLAY, actor_of_device, enrolment_state
from ampera.accounts.tablets import browser_views
from ampera.audit import Actor
from ampera.board.screens.live import cookie_of, moved_from
from ampera.board.watch_queries import Watch, requested_watch, watch_of
from ampera.errors import Problem, Refusal, raise_refusal
from ampera.offices.models import Office
from ampera.security import current_actor, new_token, public, token_hash
from ampera.web import cookies, limits

ASK_EVERY = 1.5  # seconds

pages = Blueprint("enrol", __name__)


@pages.get("/board")
@public
def front() -> BaseResponse:
    """The page of a screen without an office. Staff are redirected to the board of their office."""
    actor = current_actor()
    if actor is None:
        return unknown_screen(None)
    with db.reading() as reading:
        return redirect(watch_of(reading, actor).path)


def unknown_screen(watch: Watch | None) -> BaseResponse:
    """The code to enrol this screen. A display that has another watch now is redirected to its page."""
    if moved := moved_from(watch):
        display, token = moved
        with db.reading() as reading:
            home = watch_of(reading, display)
        response = redirect(home.path)
        remember(response, home, token)
        return response
    with db.reading() as reading:
        office = reading.get(Office, watch.office_id) if watch else None
    return make_response(render_template("board/enrol.html", office=office, watch=watch, ask_every=ASK_EVERY))


@pages.post("/board/knock")
@public
@limits.guesses("30 per 10 minutes")
def request_code() -> Response:
    """A code to show on this screen, and the secret to ask later whether somebody confirmed the code."""
    _body()
    secret = secrets.token_urlsafe(32)
    made = raise_refusal(device_service.request_enrolment(token_hash(secret), limits.network()))
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
    """`waiting` until the code is confirmed. Then, once, the device's cookie and its address; 404 afterwards."""
    body = _body()
    hashed = token_hash(_text(body, "secret"))
    with db.reading() as reading:
        state = enrolment_state(reading, hashed)
    if state == "waiting":
        return jsonify(state=state)
    token = new_token("device")
    kind = device_service.collect(hashed, token_hash(token)) if state else None
    if kind is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return _entered(token, body) if kind == DISPLAY else _enrolled_tablet(token)


@pages.post("/board/enter")
@public
@limits.guesses("30/minute")
def enter() -> Response:
    """Exchange the token of an enrolled link for the display's cookie. The answer has the display's address."""
    body = _body()
    return _entered(_text(body, "token"), body)


def remember(response: BaseResponse, watch: Watch, token: str) -> None:
    """Store the right of a display in a cookie of its browser. Each visit of the page renews it."""
    cookies.keep(response, cookie_of(watch), token, cookies.LONGEST)


def _enrolled_tablet(token: str) -> Response:
    """Who has signed in here before signs in again: the session is then of this tablet."""
    session.clear()
    response = jsonify(state="enrolled", path=url_for("accounts.login"))
    browser_views.remember(response, token)
    return response


def _entered(token: str, body: dict[str, Any]) -> Response:
    """Set the cookie of the display's watch, and of the address that its screen will open again."""
    with db.reading() as reading:
        display = actor_of_device(reading, token_hash(token))
        if display is None:
            raise Problem(Refusal.NOT_FOUND, 404)
        home = watch_of(reading, display)
        here = requested_watch(reading, body) if "office" in body else None
    response = jsonify(state="enrolled", office=home.office, lane=home.lane, site=home.site, path=home.path)
    remember(response, home, token)
    if here and not _drives_another(here, display):
        remember(response, here, token)
    return response


def _drives_another(here: Watch, display: Actor) -> bool:
    """Whether this browser already drives another display at that address."""
    known = moved_from(here)
    return known is not None and known[0].device_id != display.device_id


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
