"""The pages of a tablet itself: its one-time code before it is enrolled, and its lock while nobody touches it."""

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from ampera import db
from ampera.accounts.pins.queries import pins_on
from ampera.accounts.session_views import client, device_key
from ampera.accounts.tablets import labels, service
from ampera.accounts.tablets.browser_views import tablet_here
from ampera.security import ANYONE, actor, people_only, public, requires, same_site_path

ASK_EVERY = 1.5  # seconds

pages = Blueprint("tablets", __name__)


@pages.get("/tablet")
@public
def enrol() -> Response:
    """The code of this browser, or what it is enrolled for."""
    here = tablet_here()
    if here:
        return make_response(render_template("accounts/tablet_known.html", tablet=here.tablet, tablet_labels=labels))
    return make_response(render_template("accounts/tablet_code.html", ask_every=ASK_EVERY))


@pages.post("/login/lock")
@people_only
@requires(*ANYONE)
def lock() -> Response:
    """End the session; what was typed waits in the browser for the same member of staff."""
    service.lock(actor())
    session.clear()
    return redirect(_locked(request.form.get("next", "")), 303)


@pages.post("/login/awake")
@people_only
@requires(*ANYONE)
def awake() -> Response:
    """The page says that somebody touches the tablet: the session stays, as with every request that may change data."""
    return make_response("", 204)


@pages.get("/login/locked")
@public
def locked() -> Response:
    """A clock, and nothing about anybody. `next` is where the same work goes on."""
    target = same_site_path(request.args.get("next"), "/lane")
    with db.reading() as reading:
        has_pins = bool(pins_on(reading, device_key(client().device)))
    way = url_for("pins.show", next=target) if has_pins else url_for("accounts.login", next=target)
    return make_response(render_template("accounts/locked.html", way=way))


def _locked(target: str) -> str:
    return url_for("tablets.locked", next=same_site_path(target, "/lane"))
