"""The second step of a sign-in, and the sign-in with a passkey alone."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.accounts.authentication import Proved
from ampera.accounts.factors import challenges, half_sign_ins, passkeys, proofs
from ampera.accounts.factors.half_sign_ins import HalfSignIn
from ampera.accounts.factors.passkeys import Site
from ampera.accounts.factors.queries import factors_of
from ampera.accounts.factors.writes import Factor
from ampera.accounts.models import Staff
from ampera.accounts.queries import staff_actor
from ampera.accounts.refusals import MISSED, AccountRefusal
from ampera.accounts.service import Browser
from ampera.accounts.session_views import HALF, HOME, passkey_site, start
from ampera.accounts.sign_in.tries import Tries
from ampera.errors import Problem, Refused, message
from ampera.security import public, same_site_path
from ampera.settings import Settings
from ampera.web import limits

MAX_TYPED = 60

pages = Blueprint("factors", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/login/factor")
@public
def ask() -> Page:
    return _factor_page() if _half() else redirect(url_for("accounts.login"))


@pages.post("/login/factor")
@public
@limits.failures("60/minute")
def prove() -> Page:
    """The code of an app or a recovery code ends the sign-in."""
    if not (found := _half()):
        return redirect(url_for("accounts.login"))
    half, proved = found
    tries = proofs.reserve(proved.actor)
    if isinstance(tries, Refused):
        return _factor_page(tries), tries.status
    factor = proofs.typed_factor(proved.actor, request.form.get("code", "")[:MAX_TYPED], settings().sealing_keys)
    answer = factor if isinstance(factor, Refused) else _finish(half, proved, tries, factor)
    return (_factor_page(answer), answer.status) if isinstance(answer, Refused) else answer


@pages.post("/login/passkey/options")
@public
@limits.guesses("120/minute")
def passkey_question() -> Any:
    """What the browser asks the passkey: after a password one of this account, otherwise any that it keeps."""
    found, have = _half(), []
    if found:
        with db.reading() as reading:
            have = factors_of(reading, found[0].staff_id).passkeys
    challenge = challenges.new_challenge(settings().secret_key, proofs.SIGN_IN, clock.now())
    return passkeys.question(site(), challenge, have)


@pages.post("/login/passkey")
@public
@limits.failures("120/minute")
def prove_passkey() -> Any:
    """The answer of a passkey. Alone it is enough when it has checked finger, face or PIN of its owner."""
    proved = proofs.answered_passkey(request.get_json(silent=True), site(), settings().secret_key)
    refused = Problem(AccountRefusal.PASSKEY_REFUSED, 422)
    if proved is None:
        raise refused
    staff_id, factor, is_user_verified = proved
    found, owner = _half(), _proved_account(staff_id)
    if owner is None or not (found or is_user_verified) or (found and found[0].staff_id != staff_id):
        raise refused
    if owner.actor.is_of_directory and not found:  # a leaver keeps the passkey: the directory is asked first
        raise refused
    target = same_site_path(request.args.get("next"), HOME[owner.actor.role])
    half = found[0] if found else HalfSignIn(staff_id, target)
    answer = _finish(half, owner, None, factor)
    if isinstance(answer, Refused):
        raise refused if answer.status == MISSED else Problem(answer.code, answer.status)
    return {"next": answer.location}


def _half() -> tuple[HalfSignIn, Proved] | None:
    """The half sign-in of this browser and its account; None when there is none any more."""
    kept = session.get(HALF)
    half = half_sign_ins.read(kept)
    proved = half and _proved_account(half.staff_id)
    if half is None or proved is None or not half_sign_ins.has_password(kept, proved.password_hash):
        return None
    return half, proved


def _proved_account(staff_id: int) -> Proved | None:
    with db.reading() as reading:
        staff = reading.get(Staff, staff_id)
    return Proved(staff_actor(staff), None, staff.password_hash) if staff and staff.is_active else None


def _finish(half: HalfSignIn, proved: Proved, tries: Tries | None, factor: Factor) -> Response | Refused:
    """The session, or why there is none: a proof that was used before is a miss, the wrong browser is not."""
    browser = Browser(half.replaced, half.directory_sid)
    answer = start(Proved(proved.actor, tries, proved.password_hash), half.target, factor, browser)
    return proofs.refused(proved.actor) if isinstance(answer, Refused) and answer.status == MISSED else answer


def _factor_page(refused: Refused | None = None) -> str:
    found = _half()
    with db.reading() as reading:
        factors = factors_of(reading, found[0].staff_id) if found else None
    problem = message(refused.code, refused.status) if refused else None
    return render_template(
        "accounts/factor.html", problem=problem, factors=factors, has_passkeys=passkey_site() is not None
    )


def site() -> Site:
    """The site of passkeys. Raises Problem 409 where browsers offer none."""
    found = passkey_site()
    if found is None:
        raise Problem(AccountRefusal.PASSKEY_REFUSED, 409)
    return found


def settings() -> Settings:
    found: Settings = current_app.extensions["ampera.settings"]
    return found
