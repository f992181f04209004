"""The pages for sign-in, sign-out, one's own account, and a second proof of the password before a grave act."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.accounts import authentication, own_service, passwords, service
from ampera.accounts.authentication import Client, Proved
from ampera.accounts.queries import (
    actor_of_bearer,
    actor_of_sign_in,
    notices_of,
    office_of,
    sessions_of,
    still_valid,
    unread_notices,
)
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.sign_in import known_devices
from ampera.audit import Actor
from ampera.errors import Refused, message
from ampera.realtime import recheck_with
from ampera.security import (
    ANYONE,
    actor,
    check_passwords_with,
    current_actor,
    identify,
    is_fresh,
    new_token,
    people_only,
    public,
    requires,
    same_site_path,
    token_hash,
    vouch_with,
    with_any_password,
)
from ampera.web import cookies, limits

HOME = {"officer": "/lane", "desk": "/desk", "supervisor": "/lane", "admin": "/admin"}
SILENT = ("HEAD", "OPTIONS")  # methods that never write
UNREAD = "unread"  # in the session: how many notices waited at the sign-in

pages = Blueprint("accounts", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/login")
@public
def login() -> Page:
    who = current_actor()
    if who and who.kind == "staff":
        return redirect(same_site_path(request.args.get("next"), HOME[who.role]))
    return render_template("accounts/login.html", problem=None, login="", next=request.args.get("next", ""))


@pages.post("/login")
@public
@limits.failures("600/minute")
def sign_in() -> Page:
    """The account's own misses are counted in the database (`sign_in/`); the limit here only spares the processor."""
    name, password = request.form.get("login", ""), request.form.get("password", "")
    proved = authentication.sign_in(name, password, _client())
    if isinstance(proved, Refused):
        page = render_template(
            "accounts/login.html",
            problem=_why_not(proved),
            login=name[:80],
            next=request.form.get("next", ""),
        )
        return page, proved.status
    must_change = _start(proved)
    target = url_for("accounts.account") if must_change else HOME[proved.actor.role]
    answer = redirect(target if must_change else same_site_path(request.form.get("next"), target))
    _remember_device(answer, proved)
    return answer


@pages.post("/logout")
@with_any_password
@people_only
@requires(*ANYONE)
def logout() -> Response:
    service.sign_out(actor())
    session.clear()
    return redirect(url_for("accounts.login"))


@pages.get("/login/confirm")
@people_only
@requires(*ANYONE)
def ask_again() -> Page:
    """Ask for the password again."""
    return _confirm_page(same_site_path(request.args.get("next"), HOME[actor().role]))


@pages.post("/login/confirm")
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
@with_any_password
@people_only
@requires(*ANYONE)
def account() -> Page:
    """The own account: its notices, password and sessions."""
    return _account({})


@pages.post("/account/password")
@with_any_password
@people_only
@requires(*ANYONE)
@limits.guesses("60/minute")
def change_password() -> Page:
    old, new, again = (request.form.get(name, "")[: authentication.MAX_PASSWORD] for name in ("old", "new", "again"))
    tries = authentication.prove(actor(), old)
    if isinstance(tries, Refused):
        return _account({"old": message(tries.code, tries.status)}), tries.status
    if wrong := _wrong_new(old, new, again):
        return _account(wrong), 422
    token = new_token("session")
    own_service.change_password(actor(), _hashed(new), token_hash(token), tries)
    session["token"] = token
    flash(gettext("Kata sandi sudah diganti. Semua perangkat lain harus masuk lagi."), "go")
    return redirect(url_for("accounts.account"), 303)


@pages.post("/account/sessions/end")
@people_only
@requires(*ANYONE)
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


def prove(password: str) -> Refused | None:
    """Make this session fresh. It gets a new token, so that a copied cookie does not become fresh too."""
    tries = authentication.prove(actor(), password)
    if isinstance(tries, Refused):
        return tries
    token = new_token("session")
    service.prove_again(actor(), token_hash(token), tries)
    session["token"] = token
    return None


def need_fresh_proof() -> Refused | None:
    """For a form with the field `proof`: why the act must wait, or None when the session is fresh."""
    if is_fresh():
        return None
    if not (password := request.form.get("proof", "")):
        return Refused(AccountRefusal.FRESH_SIGN_IN_NEEDED, 403)
    return prove(password)


def _account(wrong: dict[str, str]) -> str:
    who = actor()
    with db.reading() as reading:
        return render_template(
            "accounts/account.html",
            office=office_of(reading, who.office_id or 0),
            sessions=sessions_of(reading, who.staff_id or 0),
            notices=notices_of(reading, who.staff_id or 0),
            least=passwords.MIN_LENGTH,
            wrong=wrong,
        )


def _wrong_new(old: str, new: str, again: str) -> dict[str, str]:
    with db.reading() as reading:
        office = office_of(reading, actor().office_id or 0)
        login_name = reading.get_one(service.Staff, actor().staff_id).login
    context = (login_name, actor().name, office.code, office.name)
    weak = db.run_in_thread(lambda: passwords.why_weak(new, *context))
    if new == old:
        weak = AccountRefusal.PASSWORD_SAME
    if weak:
        return {"new": message(weak)}
    return {} if new == again else {"again": message(AccountRefusal.PASSWORD_UNLIKE)}


def _client() -> Client:
    secret = current_app.extensions["ampera.settings"].secret_key
    return Client(secret, limits.network(), known_devices.read(secret, request.cookies.get(known_devices.COOKIE, "")))


def _remember_device(answer: Response, proved: Proved) -> None:
    client = _client()
    value = known_devices.remember(client.secret, client.device, proved.actor.staff_id or 0, proved.password_hash)
    answer.set_cookie(
        known_devices.COOKIE, value, max_age=known_devices.LIFETIME, httponly=True, samesite="Lax", path="/login",
        secure=cookies.need_tls(),
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


def _start(proved: Proved) -> bool:
    """Begin the session and end the one that this browser had. Returns whether the password must be changed first."""
    before = current_actor()
    session.clear()  # a new session: a cookie that an attacker planted before the sign-in is worthless
    token = new_token("session")
    service.sign_in(proved.actor, token_hash(token), proved.tries, before.sign_in_id if before else None)
    session["token"] = token
    with db.reading() as reading:
        unread = unread_notices(reading, proved.actor.staff_id or 0)
        must_change = reading.get_one(service.Staff, proved.actor.staff_id).must_change
    if unread:
        session[UNREAD] = unread
    return must_change


def _hashed(password: str) -> str:
    return db.run_in_thread(lambda: passwords.hashed(password))


def _from_cookie(token: str) -> Actor | None:
    with db.reading() as reading:
        return actor_of_sign_in(reading, token_hash(token))


def _from_bearer(token: str) -> Actor | None:
    with db.current().reader.connect() as conn:
        return actor_of_bearer(conn, token_hash(token), request.remote_addr)


@pages.before_app_request
def _stay_signed_in() -> None:
    who = current_actor()
    if who and who.seen_at and request.method not in SILENT and clock.now() - who.seen_at > service.SEEN_EVERY:
        service.stay(who)


identify(cookie=_from_cookie, bearer=_from_bearer)
check_passwords_with(authentication.is_own_password)
vouch_with(lambda login, password: authentication.vouch(login, password, _client()))
recheck_with(still_valid)
