"""The pages for sign-in, sign-out, one's own account, and a second proof of the password before a grave act."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.accounts import authentication, own_service, passwords, service
from ampera.accounts.factors.queries import factors_of
from ampera.accounts.pins.queries import pins_on
from ampera.accounts.queries import (
    actor_of_bearer,
    actor_of_sign_in,
    notices_of,
    office_of,
    sessions_of,
    sign_in_before,
    still_valid,
)
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.session_views import (
    HOME,
    UNREAD,
    ask_for_factor,
    client,
    device_key,
    passkey_site,
    prove,
    start,
    with_fresh_proof,
)
from ampera.accounts.tablets.browser_views import at_work_here, hash_here
from ampera.audit import Actor
from ampera.errors import Refused, message, raise_refusal
from ampera.realtime import recheck_with
from ampera.security import (
    ANYONE,
    actor,
    check_passwords_with,
    current_actor,
    for_unfinished_accounts,
    identify,
    new_token,
    people_only,
    public,
    requires,
    same_site_path,
    token_hash,
    vouch_with,
)
from ampera.web import limits

SILENT = ("HEAD", "OPTIONS")  # methods that never write

pages = Blueprint("accounts", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/login")
@public
def login() -> Page:
    """`?switch=1`: also for a browser in which somebody is signed in; that session ends with the new one.

    `?switch=factors`: the same person signs in again before the second factors change.
    """
    who = current_actor()
    if who and who.kind == "staff" and "switch" not in request.args:
        return redirect(same_site_path(request.args.get("next"), HOME[who.role]))
    why = Refused(AccountRefusal.WHOLE_SIGN_IN_NEEDED, 403) if request.args.get("switch") == "factors" else None
    return login_page(why, "", request.args.get("next", ""))


@pages.post("/login")
@public
@limits.failures("600/minute")
def sign_in() -> Page:
    """The account's own misses are counted in the database (`sign_in/`); the limit here only spares the processor."""
    name, password = request.form.get("login", ""), request.form.get("password", "")
    proved = authentication.sign_in(name, password, client())
    if isinstance(proved, Refused):
        return login_page(proved, name[:80], request.form.get("next", "")), proved.status
    target = same_site_path(request.form.get("next"), HOME[proved.actor.role])
    if proved.actor.has_factor and not isinstance(at_work_here(proved.actor), Refused):
        return ask_for_factor(proved, target)
    started = start(proved, target)
    if isinstance(started, Refused):
        return login_page(started, name[:80], target), started.status
    return started


@pages.post("/logout")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
def logout() -> Response:
    service.sign_out(actor())
    session.clear()
    answer = redirect(url_for("accounts.login"))
    # Neither "cookies", which would take the enrolment of the tablet, nor "storage", which has the settings of the
    # tablet and the page that an applicant's phone opens without a network.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@pages.get("/login/confirm")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
def ask_again() -> Page:
    """Ask for the password again."""
    return _confirm_page(same_site_path(request.args.get("next"), HOME[actor().role]))


@pages.post("/login/confirm")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@limits.guesses("60/minute")
def confirm() -> Page:
    """The session counts as fresh for ten minutes."""
    target = same_site_path(request.form.get("next"), HOME[actor().role])
    if refused := prove(request.form.get("password", "")):
        return _confirm_page(target, message(refused.code, refused.status)), refused.status
    return redirect(target)


@pages.get("/account")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
def account() -> Page:
    """The own account: its notices, password and sessions."""
    return _account({})


@pages.post("/account/password")
@for_unfinished_accounts
@people_only
@requires(*ANYONE)
@limits.guesses("60/minute")
def change_password() -> Page:
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    tries = authentication.prove(actor(), old)
    if isinstance(tries, Refused):
        return _account({"old": message(tries.code, tries.status)}), tries.status
    if wrong := _wrong_new(old, new, again):
        return _account(wrong), 422
    token = new_token("session")
    is_short = len(new) < passwords.MIN_LENGTH
    own_service.change_password(actor(), _hashed(new), token_hash(token), tries, is_short)
    session["token"] = token
    flash(gettext("Kata sandi sudah diganti. Semua perangkat lain harus masuk lagi."), "go")
    return redirect(url_for("accounts.account"), 303)


@pages.post("/account/sessions/<int:sign_in_id>/end")
@people_only
@requires(*ANYONE)
@with_fresh_proof
def end_session(sign_in_id: int) -> Page:
    raise_refusal(own_service.end_session(actor(), sign_in_id))
    flash(gettext("Perangkat itu sudah dikeluarkan."), "go")
    return redirect(url_for("accounts.account"), 303)


@pages.post("/account/sessions/end")
@people_only
@requires(*ANYONE)
@with_fresh_proof
def end_other_sessions() -> Page:
    own_service.end_other_sessions(actor())
    flash(gettext("Semua perangkat lain sudah dikeluarkan."), "go")
    return redirect(url_for("accounts.account"), 303)


@pages.post("/account/notices/read")
@people_only
@requires(*ANYONE)
def read_notices() -> Page:
    own_service.read_notices(actor())
    session.pop(UNREAD, None)
    return redirect(url_for("accounts.account"), 303)


def _account(wrong: dict[str, str]) -> str:
    who = actor()
    with db.reading() as reading:
        return render_template(
            "accounts/account.html",
            office=office_of(reading, who.office_id or 0),
            sessions=sessions_of(reading, who.staff_id or 0),
            earlier=sign_in_before(reading, who),
            notices=notices_of(reading, who.staff_id or 0),
            factors=factors_of(reading, who.staff_id or 0),
            has_passkeys=passkey_site() is not None,
            least=passwords.least_length(who.has_factor),
            wrong=wrong,
        )


def _wrong_new(old: str, new: str, again: str) -> dict[str, str]:
    with db.reading() as reading:
        office = office_of(reading, actor().office_id or 0)
        login_name = reading.get_one(service.Staff, actor().staff_id).login
    context = (login_name, actor().name, office.code, office.name)
    has_factor = actor().has_factor
    leaked = db.current_settings().leaked_passwords
    weak = db.run_in_thread(lambda: passwords.why_weak(new, *context, has_factor=has_factor, leaked_file=leaked))
    if new == old:
        weak = AccountRefusal.PASSWORD_SAME
    if weak:
        return {"new": message(weak)}
    return {} if new == again else {"again": message(AccountRefusal.PASSWORD_UNLIKE)}


def login_page(refused: Refused | None, login: str, target: str) -> str:
    """The page of the sign-in, with the sentence of a refusal."""
    with db.reading() as reading:
        has_pins = bool(pins_on(reading, device_key(client().device)))
    return render_template(
        "accounts/login.html", problem=refused and _why_not(refused), login=login, next=target, has_pins=has_pins,
        has_passkeys=passkey_site() is not None, has_directory=bool(db.current_settings().oidc_issuer),
        needs_tablet=refused is not None and refused.code == AccountRefusal.TABLET_NEEDED,
    )  # fmt: skip


def _confirm_page(target: str, problem: str | None = None) -> str:
    with db.reading() as reading:
        office = office_of(reading, actor().office_id or 0)
    return render_template("accounts/confirm.html", office=office, problem=problem, next=target)


def _why_not(refused: Refused) -> str:
    """Why nobody was signed in. Whether the login exists is never said."""
    if refused.code == AccountRefusal.WRONG_PASSWORD:
        return gettext("Nama masuk atau kata sandi tidak cocok. Periksa huruf besar dan coba lagi.")
    return message(refused.code, refused.status)


def _hashed(password: str) -> str:
    return db.run_in_thread(lambda: passwords.hashed(password))


def _from_cookie(token: str) -> Actor | None:
    with db.reading() as reading:
        return actor_of_sign_in(reading, token_hash(token), hash_here())


def _from_bearer(token: str) -> Actor | None:
    with db.current().reader.connect() as conn:
        return actor_of_bearer(conn, token_hash(token), request.remote_addr)


def _vouch(login: str, password: str, code: str) -> Actor | Refused:
    """A colleague acts on the tablet of this session."""
    found = authentication.vouch(login, password, code, client())
    return found if isinstance(found, Refused) else replace(found, tablet=actor().tablet)


@pages.before_app_request
def _stay_signed_in() -> None:
    who = current_actor()
    every = service.SEEN_ON_TABLETS if who and who.tablet else service.SEEN_EVERY
    if who and who.seen_at and request.method not in SILENT and clock.now() - who.seen_at > every:
        service.stay(who)


identify(cookie=_from_cookie, bearer=_from_bearer)
check_passwords_with(authentication.is_own_password)
vouch_with(_vouch)
recheck_with(still_valid)
