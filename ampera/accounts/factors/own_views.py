"""The second factors on the page of the own account."""

import io
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.accounts.factors import challenges, passkeys, proofs, service
from ampera.accounts.factors.codes import enrolment_address, new_recovery_codes, new_secret, recovery_hash
from ampera.accounts.factors.models import AuthenticatorApp
from ampera.accounts.factors.queries import app_of, factors_of
from ampera.accounts.factors.views import MAX_TYPED, settings, site
from ampera.accounts.models import Staff
from ampera.accounts.queries import office_of
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.session_views import passkey_site, prove, with_whole_sign_in
from ampera.errors import Problem, Refused, message, raise_refusal
from ampera.security import ANYONE, actor, for_unfinished_accounts, people_only, requires
from ampera.typed_text import typed
from ampera.web import limits, shown_once

RECOVERY = "recovery"  # what is shown once

pages = Blueprint("own_factors", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/account/factors")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@with_whole_sign_in
def show() -> Page:
    """The factors of the own account."""
    return _page({})


@pages.post("/account/factors/app")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@limits.guesses("60/minute")
@with_whole_sign_in
def begin_app() -> Page:
    """A new secret for an app; the next page shows it. A fresh session is not enough for a new
    factor: a colleague at an open browser could sign in with it from then on.
    """
    if refused := prove(request.form.get("password", "")):
        return _page({"password": message(refused.code, refused.status)}), refused.status
    who = actor()
    service.begin_app(who, settings().sealing_keys.seal(new_secret(), proofs.secret_place(who.staff_id or 0)))
    return redirect(url_for("own_factors.show_app"), 303)


@pages.get("/account/factors/app")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
def show_app() -> Page:
    app = _waiting_app()
    return _app_page({}) if app and _secret(app) else redirect(url_for("own_factors.show"))


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
@with_whole_sign_in
@limits.guesses("60/minute")
def confirm_app() -> Page:
    app = _waiting_app()
    if app is None:
        return redirect(url_for("own_factors.show"), 303)
    step = proofs.app_step(app, request.form.get("code", "")[:MAX_TYPED], settings().sealing_keys)
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
@limits.guesses("60/minute")
@with_whole_sign_in
def new_passkey_question() -> Any:
    """`{password}`, as in `begin_app`. The answer to this question is what `add_passkey` takes."""
    posted = request.get_json(silent=True)
    password = posted.get("password") if isinstance(posted, dict) else ""
    if refused := prove(str(password or "")):
        raise Problem(refused.code, 403)
    who, secret = actor(), settings().secret_key
    with db.reading() as reading:
        have, login = factors_of(reading, who.staff_id or 0).passkeys, reading.get_one(Staff, who.staff_id).login
    challenge = challenges.new_challenge(secret, _enrolment(), clock.now())
    return passkeys.registration(site(), passkeys.owner_handle(secret, who.staff_id or 0), login, challenge, have)


@pages.post("/account/factors/passkeys")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@with_whole_sign_in
def add_passkey() -> Any:
    """`{name, credential}`, where the credential is what the browser has made."""
    posted = request.get_json(silent=True)
    body = posted if isinstance(posted, dict) else {}
    name = typed(str(body.get("name", "")))[: passkeys.MAX_NAME] or gettext("Kunci sandi")
    challenge = passkeys.challenge_of(body.get("credential"))
    made = None
    if challenges.made_at(settings().secret_key, _enrolment(), challenge, clock.now()):
        made = passkeys.registered(site(), body["credential"], challenge, name)
    if made is None:
        raise Problem(AccountRefusal.PASSKEY_REFUSED, 422)
    codes = new_recovery_codes()
    is_first = not actor().has_factor
    raise_refusal(service.add_passkey(actor(), made, _hashes(codes)))
    return {"next": _added(codes if is_first else []).location}


@pages.post("/account/factors/remove")
@people_only
@requires(*ANYONE)
@with_whole_sign_in
def remove() -> Page:
    """Remove the passkey with the id of the field `passkey`, or the app when it is empty."""
    passkey = request.form.get("passkey", "")
    passkey_id = int(passkey) if passkey.isdecimal() and len(passkey) < 10 else (-1 if passkey else None)
    removed = service.remove_factor(actor(), passkey_id, actor().role not in settings().factor_roles)
    if isinstance(removed, Refused):
        flash(message(removed.code, removed.status), "stop")
    else:
        flash(gettext("Langkah kedua dihapus. Semua perangkat lain harus masuk lagi."), "go")
    return redirect(url_for("own_factors.show"), 303)


@pages.post("/account/factors/recovery")
@people_only
@requires(*ANYONE)
@with_whole_sign_in
def renew_recovery() -> Page:
    codes = new_recovery_codes()
    raise_refusal(service.renew_recovery(actor(), _hashes(codes)))
    shown_once.keep(RECOVERY, codes)
    return redirect(url_for("own_factors.recovery"), 303)


@pages.get("/account/factors/recovery")
@people_only
@requires(*ANYONE)
def recovery() -> Page:
    """The new recovery codes, the first time that this page is asked for."""
    codes = shown_once.take(RECOVERY)
    if codes is None:
        return redirect(url_for("own_factors.show"))
    return render_template("accounts/recovery.html", office=_office(), codes=codes)


def _page(wrong: dict[str, str]) -> str:
    with db.reading() as reading:
        office, factors = office_of(reading, actor().office_id or 0), factors_of(reading, actor().staff_id or 0)
    return render_template(
        "accounts/factors.html", office=office, factors=factors, has_passkeys=passkey_site() is not None,
        is_required=actor().role in settings().factor_roles, wrong=wrong,
    )  # fmt: skip


def _added(codes: list[str]) -> Response:
    """After a new factor: to the recovery codes of the first one, otherwise back to the account."""
    flash(gettext("Langkah kedua terpasang. Semua perangkat lain harus masuk lagi."), "go")
    if codes:
        shown_once.keep(RECOVERY, codes)
    return redirect(url_for("own_factors.recovery" if codes else "factors.show"), 303)


def _app_page(wrong: dict[str, str]) -> str:
    app = _waiting_app()
    return render_template("accounts/app.html", office=_office(), secret=_secret(app) if app else "", wrong=wrong)


def _waiting_app() -> AuthenticatorApp | None:
    with db.reading() as reading:
        return app_of(reading, actor().staff_id or 0, is_confirmed=False)


def _secret(app: AuthenticatorApp) -> str:
    return proofs.secret_of(app, settings().sealing_keys) or ""


def _qr(address: str) -> bytes:
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    out = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, border=4).save(out)
    return out.getvalue()


def _office() -> Any:
    with db.reading() as reading:
        return office_of(reading, actor().office_id or 0)


def _enrolment() -> str:
    """The purpose of a challenge for a new passkey: this account in this session."""
    return f"add:{actor().staff_id}:{actor().sign_in_id}"


def _hashes(codes: list[str]) -> list[str]:
    return [code_hash for code in codes if (code_hash := recovery_hash(code))]
