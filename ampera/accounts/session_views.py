"""What the pages of accounts share: how a session begins and becomes fresh, and which browser it is."""

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.accounts import authentication, service
from ampera.accounts.authentication import Client, Proved
from ampera.accounts.devices.kinds import DESK
from ampera.accounts.factors import half_sign_ins
from ampera.accounts.factors import service as factors_service
from ampera.accounts.factors.half_sign_ins import HalfSignIn
from ampera.accounts.factors.passkeys import Site, site_of
from ampera.accounts.factors.writes import Factor
from ampera.accounts.pins import service as pins_service
from ampera.accounts.pins.writes import PinEntry
from ampera.accounts.queries import began_whole_since, unread_notices
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.service import Browser
from ampera.accounts.sign_in import known_devices
from ampera.accounts.sign_in.known_devices import KnownDevice
from ampera.accounts.sign_in.tries import sealed
from ampera.accounts.tablets import service as tablets_service
from ampera.accounts.tablets.browser_views import at_work_here
from ampera.audit import FRESH, Actor
from ampera.errors import Problem, Refused, wants_json
from ampera.security import actor, current_actor, is_fresh, is_unfinished, new_token, token_hash
from ampera.web import cookies, limits

HOME = {"officer": "/lane", "desk": "/desk", "supervisor": "/attention", "admin": "/admin"}
HALF = "half"  # in the session: a sign-in that waits for its second factor
JUST_NOW = timedelta(minutes=2)  # how long a sign-in with the directory replaces a password that is asked for always
UNREAD = "unread"  # in the session: how many notices waited at the sign-in


def start(
    proved: Proved, target: str, factor: Factor | PinEntry | None = None, browser: Browser | None = None
) -> Response | Refused:
    """Begin the session and end the one that this browser had; the answer leads to `target`.

    An account that is not complete yet is led to its own page. Refused: see `service.sign_in`, `at_work_here`.
    """
    who = at_work_here(proved.actor)
    if isinstance(who, Refused):
        tablets_service.record_refusal(proved.actor, proved.tries, who.code)
        return who
    before, token = current_actor(), new_token("session")
    browser = browser or Browser()
    if before:
        browser = replace(browser, replaced=before.sign_in_id)
    made = service.sign_in(who, token_hash(token), proved.tries, browser, factor)
    if isinstance(made, Refused):
        return made
    if who.tablet:
        pins_service.adopt(who, device_key(client().device))
    session.clear()  # a new session: a cookie that an attacker planted before the sign-in is worthless
    session["token"] = token
    with db.reading() as reading:
        if unread := unread_notices(reading, proved.actor.staff_id or 0):
            session[UNREAD] = unread
    answer = redirect(url_for("accounts.account") if is_unfinished(who) else _place_of(who, target))
    _remember_device(answer, proved)
    return answer


def ask_for_factor(proved: Proved, target: str, directory_sid: str | None = None) -> Response:
    """The password or the directory was right: remember that for a few minutes, in the signed cookie. It opens nothing.

    `directory_sid` is for the session that begins with the factor.
    """
    before = current_actor()
    factors_service.record_password(proved.actor, proved.tries)
    session.clear()
    half = HalfSignIn(proved.actor.staff_id or 0, target, before.sign_in_id if before else None, directory_sid)
    session[HALF] = half_sign_ins.begun(half, proved.password_hash)
    return redirect(url_for("factors.ask"))


def _place_of(who: Actor, target: str) -> str:
    """Where work begins on this tablet: at its desk or lane, when no other page was asked for."""
    lane = HOME["officer"]
    if who.tablet is None or target not in (lane, HOME["supervisor"]):
        return target
    if who.tablet.kind == DESK:
        return HOME["desk"]
    return lane if who.tablet.lane is None else f"{lane}?lane={who.tablet.lane}&point={who.tablet.kind}"


def prove(password: str) -> Refused | None:
    """Make this session fresh. It gets a new token, so that a copied cookie does not become fresh too.

    An account of a directory has no password: it must have signed in there just now (`/login/confirm`).
    """
    if actor().is_of_directory:
        proved_at = actor().proved_at
        is_right = proved_at is not None and clock.now() - proved_at < JUST_NOW
        return None if is_right else Refused(AccountRefusal.DIRECTORY_PROOF_NEEDED, 403)
    tries = authentication.prove(actor(), password)
    if isinstance(tries, Refused):
        return tries
    token = new_token("session")
    service.prove_again(actor(), token_hash(token), tries)
    session["token"] = token
    return None


def with_fresh_proof(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator (under `requires`): the password was typed a short while ago. Otherwise people are asked for it."""

    @functools.wraps(view)
    def guarded(*args: object, **kwargs: object) -> Any:
        if is_fresh():
            return view(*args, **kwargs)
        if wants_json():
            raise Problem(AccountRefusal.FRESH_SIGN_IN_NEEDED, 403)
        back = request.path if request.method == "GET" else url_for("accounts.account")
        return redirect(url_for("accounts.ask_again", next=back), 303)

    return guarded


def with_whole_sign_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator (under `requires`): before factors change. Where the account has a second factor, this session began
    a few minutes ago, with it: the password alone, or a PIN, is not enough to replace it.
    """

    @functools.wraps(view)
    def guarded(*args: object, **kwargs: object) -> Any:
        if not actor().has_factor or _has_just_signed_in():
            return with_fresh_proof(view)(*args, **kwargs)
        if wants_json():
            raise Problem(AccountRefusal.WHOLE_SIGN_IN_NEEDED, 403)
        return redirect(url_for("accounts.login", switch="factors", next=url_for("own_factors.show")), 303)

    return guarded


def _has_just_signed_in() -> bool:
    with db.reading() as reading:
        return began_whole_since(reading, actor().sign_in_id or 0, clock.now() - FRESH)


def need_fresh_proof() -> Refused | None:
    """For a form with the field `proof`: why the act must wait, or None when the session is fresh."""
    if is_fresh():
        return None
    if actor().is_of_directory:
        return Refused(AccountRefusal.DIRECTORY_PROOF_NEEDED, 403)
    if not (password := request.form.get("proof", "")):
        return Refused(AccountRefusal.FRESH_SIGN_IN_NEEDED, 403)
    return prove(password)


def client() -> Client:
    settings = current_app.extensions["ampera.settings"]
    device = known_devices.read(settings.secret_key, cookies.read(known_devices.COOKIE), settings.former_secrets)
    return Client(settings.secret_key, limits.network(), device)


def device_key(device: KnownDevice | None) -> str:
    """How the table of PINs names this browser, without its secret; empty for one in which nobody has signed in."""
    secret = current_app.extensions["ampera.settings"].secret_key
    return sealed(secret, "pin-device", device.nonce) if device else ""


def passkey_site() -> Site | None:
    """The site that passkeys of this installation belong to; None where browsers offer none."""
    return site_of(current_app.extensions["ampera.settings"].site(request.host_url))


def _remember_device(answer: Response, proved: Proved) -> None:
    here = client()
    value = known_devices.remember(here.secret, here.device, proved.actor.staff_id or 0, proved.password_hash)
    cookies.keep(answer, known_devices.COOKIE, value, known_devices.LIFETIME)
