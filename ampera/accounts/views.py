"""The pages for sign-in, sign-out and a second proof of the password before a grave act."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.accounts import authentication, service
from ampera.accounts.queries import actor_of_bearer, actor_of_sign_in, still_valid
from ampera.accounts.refusals import AccountRefusal
from ampera.audit import Actor
from ampera.errors import Refused, message
from ampera.realtime import recheck_with
from ampera.security import (
    ANYONE,
    actor,
    current_actor,
    identify,
    new_token,
    public,
    requires,
    same_site_path,
    token_hash,
)
from ampera.web import limits

HOME = {"officer": "/lane", "desk": "/desk", "supervisor": "/lane", "admin": "/admin"}

pages = Blueprint("accounts", __name__)


@pages.get("/login")
@public
def login() -> str | Response:
    who = current_actor()
    if who and who.kind == "staff":
        return redirect(same_site_path(request.args.get("next"), HOME[who.role]))
    return render_template("accounts/login.html", problem=None, login="", next=request.args.get("next", ""))


@pages.post("/login")
@public
@limits.guesses("30/minute")
def sign_in() -> str | Response | tuple[str, int]:
    name, password = request.form.get("login", ""), request.form.get("password", "")
    who = authentication.check(name, password)
    if isinstance(who, Refused):
        page = render_template(
            "accounts/login.html",
            problem=message(who.code, who.status),
            login=name[:80],
            next=request.form.get("next", ""),
        )
        return page, who.status
    _start(who)
    return redirect(same_site_path(request.form.get("next"), HOME[who.role]))


@pages.post("/logout")
@requires(*ANYONE)
def logout() -> Response:
    service.sign_out(actor())
    session.clear()
    return redirect(url_for("accounts.login"))


@pages.route("/login/confirm", methods=["GET", "POST"])
@requires(*ANYONE)
@limits.guesses("30/minute")
def confirm() -> str | Response | tuple[str, int]:
    """Ask for the password again. The session then counts as fresh for ten minutes."""
    target = same_site_path(request.values.get("next"), HOME[actor().role])
    if request.method == "GET":
        return render_template("accounts/confirm.html", problem=None, next=target)
    if not authentication.is_own_password(actor(), request.form.get("password", "")):
        return render_template(
            "accounts/confirm.html", problem=message(AccountRefusal.WRONG_PASSWORD), next=target
        ), 401
    service.prove_again(actor())
    return redirect(target)


def _start(who: Actor) -> None:
    session.clear()  # a new session: a cookie that an attacker planted before the sign-in is worthless
    token = new_token("session")
    service.sign_in(who, token_hash(token))
    session["token"] = token


def _from_cookie(token: str) -> Actor | None:
    with db.reading() as reading:
        return actor_of_sign_in(reading, token_hash(token))


def _from_bearer(token: str) -> Actor | None:
    with db.reading() as reading:
        return actor_of_bearer(reading, token_hash(token))


@pages.before_app_request
def _stay_signed_in() -> None:
    who = current_actor()
    if who and who.seen_at and clock.now() - who.seen_at > service.SEEN_EVERY:
        service.stay(who)


identify(cookie=_from_cookie, bearer=_from_bearer)
recheck_with(still_valid)
