"""The second step of a sign-in, the sign-in with a passkey alone, and the factors on the page of the own account."""

import io
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.accounts.authentication import Proved
from ampera.accounts.factors import challenges, half_sign_ins, passkeys, proofs, service
from ampera.accounts.factors.codes import enrolment_address, new_recovery_codes, new_secret, recovery_hash
from ampera.accounts.factors.half_sign_ins import HalfSignIn
from ampera.accounts.factors.models import AuthenticatorApp
from ampera.accounts.factors.passkeys import Site
from ampera.accounts.factors.queries import app_of, factors_of
from ampera.accounts.factors.writes import Factor
from ampera.accounts.models import Staff
from ampera.accounts.queries import office_of, staff_actor
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.sign_in.tries import Tries
from ampera.accounts.views import HALF, HOME, passkey_site, start, with_fresh_proof
from ampera.errors import Problem, Refused, message, raise_refusal
from ampera.security import ANYONE, actor, for_unfinished_accounts, people_only, public, requires, same_site_path
from ampera.settings import Settings
from ampera.typed_text import typed
from ampera.web import limits, shown_once

MAX_TYPED = 60
RECOVERY = "recovery"  # what is shown once

pages = Blueprint("factors", __name__)
Page = str | Response | tuple[str, int] | tuple[Response, int]


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
    factor = proofs.typed_factor(proved.actor, request.form.get("code", "")[:MAX_TYPED], _settings().data_locks)
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
    challenge = challenges.new_challenge(_settings().secret_key, proofs.SIGN_IN, clock.now())
    return passkeys.question(_site(), challenge, have)


@pages.post("/login/passkey")
@public
@limits.failures("120/minute")
def prove_passkey() -> Any:
    """The answer of a passkey. Alone it is enough when it has checked finger, face or PIN of its owner."""
    proved = proofs.answered_passkey(request.get_json(silent=True), _site(), _settings().secret_key)
    refused = Problem(AccountRefusal.PASSKEY_REFUSED, 422)
    if proved is None:
        raise refused
    staff_id, factor, is_user_verified = proved
    found, owner = _half(), _proved_account(staff_id)
    if owner is None or not (found or is_user_verified) or (found and found[0].staff_id != staff_id):
        raise refused
    target = same_site_path(request.args.get("next"), HOME[owner.actor.role])
    half = found[0] if found else HalfSignIn(staff_id, target, None)
    answer = _finish(half, owner, None, factor)
    if isinstance(answer, Refused):
        raise refused
    return {"next": answer.location}


@pages.get("/account/factors")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@with_fresh_proof
def show() -> Page:
    """The factors of the own account."""
    with db.reading() as reading:
        office, factors = office_of(reading, actor().office_id or 0), factors_of(reading, actor().staff_id or 0)
    return render_template(
        "accounts/factors.html", office=office, factors=factors, has_passkeys=passkey_site() is not None,
        is_required=actor().role in _settings().factor_roles,
    )  # fmt: skip


@pages.post("/account/factors/app")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@with_fresh_proof
def begin_app() -> Page:
    """A new secret for an app; the next page shows it."""
    who = actor()
    service.begin_app(who, _settings().data_locks.seal(new_secret(), proofs.secret_place(who.staff_id or 0)))
    return redirect(url_for("factors.show_app"), 303)


@pages.get("/account/factors/app")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
def show_app() -> Page:
    app = _waiting_app()
    return _app_page({}) if app and _secret(app) else redirect(url_for("factors.show"))


@pages.get("/account/factors/app.svg")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
def app_qr() -> Response:
    """The secret of the app that waits for its first code, as a QR code for an authenticator app."""
    app = _waiting_app()
    if app is None:
        raise Problem(AccountRefusal.FACTOR_NEEDED, 404)
    with db.reading() as reading:
        login = reading.get_one(Staff, app.staff_id).login
    return Response(_qr(enrolment_address(_secret(app), login)), mimetype="image/svg+xml")


@pages.post("/account/factors/app/confirm")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@with_fresh_proof
@limits.guesses("60/minute")
def confirm_app() -> Page:
    app = _waiting_app()
    if app is None:
        return redirect(url_for("factors.show"), 303)
    step = proofs.app_step(app, request.form.get("code", "")[:MAX_TYPED], _settings().data_locks)
    if step is None:
        return _app_page({"code": message(AccountRefusal.FACTOR_WRONG)}), 422
    codes = new_recovery_codes()
    is_first = not actor().has_factor
    raise_refusal(service.confirm_app(actor(), app.id, step, _hashes(codes)))
    return _added(codes if is_first else [])


@pages.post("/account/factors/passkeys/options")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@with_fresh_proof
def new_passkey_question() -> Any:
    who, secret = actor(), _settings().secret_key
    with db.reading() as reading:
        have, login = factors_of(reading, who.staff_id or 0).passkeys, reading.get_one(Staff, who.staff_id).login
    challenge = challenges.new_challenge(secret, _enrolment(), clock.now())
    return passkeys.registration(_site(), passkeys.owner_handle(secret, who.staff_id or 0), login, challenge, have)


@pages.post("/account/factors/passkeys")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@with_fresh_proof
def add_passkey() -> Any:
    """`{name, credential}`, where the credential is what the browser has made."""
    posted = request.get_json(silent=True)
    body = posted if isinstance(posted, dict) else {}
    name = typed(str(body.get("name", "")))[: passkeys.MAX_NAME] or gettext("Kunci sandi")
    challenge = passkeys.challenge_of(body.get("credential"))
    made = None
    if challenges.made_at(_settings().secret_key, _enrolment(), challenge, clock.now()):
        made = passkeys.registered(_site(), body["credential"], challenge, name)
    if made is None:
        raise Problem(AccountRefusal.PASSKEY_REFUSED, 422)
    codes = new_recovery_codes()
    is_first = not actor().has_factor
    raise_refusal(service.add_passkey(actor(), made, _hashes(codes)))
    return {"next": _added(codes if is_first else []).location}


@pages.post("/account/factors/remove")
@people_only
@requires(*ANYONE)
@with_fresh_proof
def remove() -> Page:
    """Remove the passkey with the id of the field `passkey`, or the app when it is empty."""
    passkey = request.form.get("passkey", "")
    passkey_id = int(passkey) if passkey.isdecimal() and len(passkey) < 10 else (-1 if passkey else None)
    removed = service.remove_factor(actor(), passkey_id, actor().role not in _settings().factor_roles)
    if isinstance(removed, Refused):
        flash(message(removed.code, removed.status), "stop")
    else:
        flash(gettext("Langkah kedua dihapus. Semua perangkat lain harus masuk lagi."), "go")
    return redirect(url_for("factors.show"), 303)


@pages.post("/account/factors/recovery")
@people_only
@requires(*ANYONE)
@with_fresh_proof
def renew_recovery() -> Page:
    codes = new_recovery_codes()
    raise_refusal(service.renew_recovery(actor(), _hashes(codes)))
    shown_once.keep(RECOVERY, codes)
    return redirect(url_for("factors.recovery"), 303)


@pages.get("/account/factors/recovery")
@people_only
@requires(*ANYONE)
def recovery() -> Page:
    """The new recovery codes, the first time that this page is asked for."""
    codes = shown_once.take(RECOVERY)
    if codes is None:
        return redirect(url_for("factors.show"))
    return render_template("accounts/recovery.html", office=_office(), codes=codes)


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
    answer = start(Proved(proved.actor, tries, proved.password_hash), half.target, factor, half.replaced)
    return proofs.refused(proved.actor) if isinstance(answer, Refused) else answer


def _added(codes: list[str]) -> Response:
    """After a new factor: to the recovery codes of the first one, otherwise back to the account."""
    flash(gettext("Langkah kedua terpasang. Semua perangkat lain harus masuk lagi."), "go")
    if codes:
        shown_once.keep(RECOVERY, codes)
    return redirect(url_for("factors.recovery" if codes else "factors.show"), 303)


def _factor_page(refused: Refused | None = None) -> str:
    found = _half()
    with db.reading() as reading:
        factors = factors_of(reading, found[0].staff_id) if found else None
    problem = message(refused.code, refused.status) if refused else None
    return render_template(
        "accounts/factor.html", problem=problem, factors=factors, has_passkeys=passkey_site() is not None
    )


def _app_page(wrong: dict[str, str]) -> str:
    app = _waiting_app()
    return render_template("accounts/app.html", office=_office(), secret=_secret(app) if app else "", wrong=wrong)


def _waiting_app() -> AuthenticatorApp | None:
    with db.reading() as reading:
        return app_of(reading, actor().staff_id or 0, is_confirmed=False)


def _secret(app: AuthenticatorApp) -> str:
    return proofs.secret_of(app, _settings().data_locks) or ""


def _qr(address: str) -> bytes:
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    out = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, border=4).save(out)
    return out.getvalue()


def _office() -> Any:
    with db.reading() as reading:
        return office_of(reading, actor().office_id or 0)


def _site() -> Site:
    site = passkey_site()
    if site is None:
        raise Problem(AccountRefusal.PASSKEY_REFUSED, 409)
    return site


def _enrolment() -> str:
    """The purpose of a challenge for a new passkey: this account in this session."""
    return f"add:{actor().staff_id}:{actor().sign_in_id}"


def _hashes(codes: list[str]) -> list[str]:
    return [code_hash for code in codes if (code_hash := recovery_hash(code))]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["ampera.settings"]
    return settings
