"""Authentication and access. Every endpoint has exactly one of the decorators below; a test finds a missing one.

An actor comes from a session cookie (then unsafe requests need the CSRF token) or from `Authorization: Bearer`.
"""

import functools
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from ampera import clock, scopes
from ampera.audit import Actor
from ampera.errors import Problem, Refusal, Refused, wants_json
from ampera.web import csrf_tokens, response_headers
from ampera.web.known_clients import KnownClients

LANE = ("officer", "supervisor")
DESK = ("desk", "supervisor")
STAFF = ("officer", "desk", "supervisor")
SUPERVISOR = ("supervisor",)
ADMIN = ("admin",)
WINDOWS = ("window",)  # kinds of enrolled tablets
ANYONE = ("officer", "desk", "supervisor", "admin")

SEARCH = "q"  # what a person typed to find somebody; programs and old bookmarks have it in addresses

_loaders: dict[str, Callable[[str], Actor | None]] = {}
_provers: list[Callable[[Actor, str], bool]] = []
_vouchers: list[Callable[[str, str, str], Actor | Refused]] = []
_pin_vouchers: list[Callable[[int, str], Actor | Refused]] = []


def token_hash(token: str) -> str:
    """The hash that the database stores of a session token, device token or API key (random, so without a salt)."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token(kind: str) -> str:
    """A secret of 256 bits. The prefix lets scanners for leaked secrets recognise the kind."""
    return f"ampera_{kind}_{secrets.token_urlsafe(32)}"


def identify(cookie: Callable[[str], Actor | None], bearer: Callable[[str], Actor | None]) -> None:
    """Set the functions that turn a token into an actor (of the accounts slice)."""
    _loaders.update(cookie=cookie, bearer=bearer)


def check_passwords_with(prover: Callable[[Actor, str], bool]) -> None:
    """Set the function that judges a typed password and counts a miss (of the accounts slice)."""
    _provers[:] = [prover]


def has_proved(password: str) -> bool:
    """Whether this is the password of the person of this request. A key tries no password."""
    who = actor()
    return who.kind != "key" and bool(password) and _provers[0](who, password)


def vouch_with(voucher: Callable[[str, str, str], Actor | Refused]) -> None:
    """Set the function that finds whose login, password and code these are, and counts a miss (of accounts)."""
    _vouchers[:] = [voucher]


def colleague(login: str, password: str, code: str) -> Actor | Refused:
    """Whose login, password and code these are: a colleague confirms one act on this device, and no session begins.

    The code is of a second factor, empty where the account has none.

    Refused also: `password_change_needed` and `factor_missing` for an account that is not complete.
    """
    return _finished(_vouchers[0](login, password, code))


def vouch_by_pin_with(voucher: Callable[[int, str], Actor | Refused]) -> None:
    """Set the function that finds whose PIN in this browser this is, and counts a miss (of accounts)."""
    _pin_vouchers[:] = [voucher]


def colleague_with_pin(pin_id: int, pin: str) -> Actor | Refused:
    """Like `colleague`, with a PIN that the supervisor has made in this browser.

    The PIN stands for the full sign-in in this browser that it was made after, second step included: the person
    who types it holds this tablet and knows the six digits. Only `/login` and the addresses below it know the browser.
    """
    return _finished(_pin_vouchers[0](pin_id, pin))


def _finished(found: Actor | Refused) -> Actor | Refused:
    return Refused(_lacking(found), 403) if isinstance(found, Actor) and is_unfinished(found) else found


def init_app(app: Flask) -> None:
    csrf_tokens.init_app(app)
    app.extensions["ampera.known_clients"] = KnownClients()
    response_headers.init_app(app)
    app.before_request(_know_actor)
    app.before_request(_need_finished_account)
    app.jinja_env.globals.update(
        may_open=may_open, actor=current_actor, is_fresh=is_fresh, is_unfinished=is_unfinished, safe_query=safe_query
    )


def current_actor() -> Actor | None:
    return g.get("actor")


def actor() -> Actor:
    """The authenticated actor of this request. Raises Problem 401 when there is none."""
    found = current_actor()
    if found is None:
        raise Problem(Refusal.SIGN_IN_NEEDED, 401)
    return found


def of_handshake(auth: dict[str, Any]) -> Actor | None:
    """The actor who opens a socket: by bearer token, else by session. (`g` is not filled for sockets.)"""
    if "token" in auth:
        token = auth["token"]
        bearer = _loaders["bearer"](token) if isinstance(token, str) and len(token) <= 200 else None
        return bearer if bearer and scopes.allow(bearer.scopes, scopes.LIVE) else None
    found = _loaders["cookie"](session["token"]) if "token" in session else None
    return None if found and is_unfinished(found) else found


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open to any client, signed in or not."""
    view.access = ("public",)  # type: ignore[attr-defined]
    return view


def without_session(view: Callable[..., Any]) -> Callable[..., Any]:
    """Any client. No session is read, so no session needs protection: nothing is done in the name of the sender."""
    view.is_csrf_exempt = True  # type: ignore[attr-defined]
    return public(view)


def cacheable(view: Callable[..., Any]) -> Callable[..., Any]:
    """Public, and the same for every client: nothing of a person is in it, so caches may keep what the view says."""
    view.is_cacheable = True  # type: ignore[attr-defined]
    return public(view)


def by_link(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open to any person with the unguessable link in the address."""
    return without_session(view)


def for_unfinished_accounts(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator (outermost): also open to an account that must first change its password or add a second factor."""
    view.is_for_unfinished = True  # type: ignore[attr-defined]
    return view


def people_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator (right under `requires`, or above it): a person who has signed in, never an API key."""
    view.is_for_people = True  # type: ignore[attr-defined]
    return view


def only_at(*kinds: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator (above `requires`): on an enrolled tablet only on one for this use. Other browsers are not tied."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.kinds_of_tablets = kinds  # type: ignore[attr-defined]
        return view

    return mark


def is_fresh() -> bool:
    """Whether the password of this session was typed a short while ago. A key is never fresh."""
    found = current_actor()
    return found is not None and found.is_fresh(clock.now())


def requires(*roles: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only staff or keys in one of these roles. People without a session are sent to sign in."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(*args: object, **kwargs: object) -> Any:
            found = current_actor()
            if found is None or found.kind == "display":
                return _ask_to_sign_in() if found is None else _refuse()
            return view(*args, **kwargs) if found.role in roles else _refuse()

        guarded.access = roles  # type: ignore[attr-defined]
        return guarded

    return mark


def display_or_staff(view: Callable[..., Any]) -> Callable[..., Any]:
    """An enrolled display or any member of staff."""

    @functools.wraps(view)
    def guarded(*args: object, **kwargs: object) -> Any:
        return view(*args, **kwargs) if current_actor() else _ask_to_sign_in()

    guarded.access = ("display", *ANYONE)  # type: ignore[attr-defined]
    return guarded


def may_open(path: str) -> bool:
    """Whether the current actor's role opens this page: menus show only what works."""
    found = current_actor()
    if found is None:
        return False
    endpoint, _ = current_app.url_map.bind("").match(path)
    access = getattr(current_app.view_functions[endpoint], "access", ())
    return found.role in access or "public" in access


def same_site_path(target: str | None, fallback: str) -> str:
    """The target after sign-in: a path of this site, never an address of another site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return fallback
    return target


def _know_actor() -> None:
    is_unsafe = request.method not in ("GET", "HEAD", "OPTIONS", "TRACE")
    bearer = request.headers.get("Authorization", "")
    g.actor = None
    if bearer:
        scheme, _, token = bearer.partition(" ")
        g.actor = _loaders["bearer"](token.strip()) if scheme.lower() == "bearer" and len(token) <= 200 else None
        _note_client()
        if g.actor is None:
            raise Problem(Refusal.SIGN_IN_NEEDED, 401)
        _need_scope(g.actor)
        return
    if cookie := session.get("token"):
        g.actor = _loaders["cookie"](cookie)
        _note_client()
    if is_unsafe:
        _need_right()
        _need_place()
        _need_csrf_token()


def _note_client() -> None:
    """Limits spare the clients whose last request was authenticated."""
    known: KnownClients = current_app.extensions["ampera.known_clients"]
    (known.remember if g.actor else known.forget)(request.environ)


def _need_right() -> None:
    """Refuse before any part of a body is read, so that strangers cannot make the server parse one."""
    access = _access()
    if not access or "public" in access:
        return
    found = current_actor()
    if found is None:
        raise Problem(Refusal.SIGN_IN_NEEDED, 401)
    if found.role not in access:
        _refuse()


def _need_place() -> None:
    """A tablet that is held out of a gate gives no book, also not in the hands of a supervisor."""
    found, view = current_actor(), current_app.view_functions.get(request.endpoint or "")
    kinds = getattr(view, "kinds_of_tablets", ())
    if found and found.tablet and kinds and found.tablet.kind not in kinds:
        raise Problem(Refusal.WRONG_TABLET, 403)


def _need_scope(found: Actor) -> None:
    """A limited key opens its parts of the API, and what is open to everybody."""
    is_open = "public" in _access(unmarked=("public",))
    if not is_open and not scopes.allow(found.scopes, scopes.needed()):
        _refuse()


def is_unfinished(found: Actor) -> bool:
    """Whether this account must change its password, or add the second factor that its role needs, before all else."""
    roles = current_app.extensions["ampera.settings"].factor_roles
    return found.kind == "staff" and (found.must_change or (found.role in roles and not found.has_factor))


def _lacking(found: Actor) -> Refusal:
    """What an account must do that is not complete."""
    return Refusal.PASSWORD_CHANGE_NEEDED if found.must_change else Refusal.FACTOR_MISSING


def _need_finished_account() -> BaseResponse | None:
    """An account whose password somebody else knows, or which lacks its second factor, opens nothing but its page."""
    found, view = current_actor(), current_app.view_functions.get(request.endpoint or "")
    if found is None or "public" in _access(unmarked=("public",)):
        return None
    if found.kind == "key" and getattr(view, "is_for_people", False):
        _refuse()
    if not is_unfinished(found) or getattr(view, "is_for_unfinished", False):
        return None
    if wants_json() or request.method != "GET":
        raise Problem(_lacking(found), 403)
    return redirect(url_for("accounts.account"))


def _access(unmarked: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Who may use this endpoint; `unmarked` for a static file, the API's document, and an address that nothing has."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "access", unmarked)


def _need_csrf_token() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "is_csrf_exempt", False):
        return
    if current_actor() is None and wants_json() and request.is_json:
        return  # no session to abuse: the endpoint takes JSON, which another site cannot send
    if not csrf_tokens.is_right(request.headers.get("X-CSRFToken") or request.form.get(csrf_tokens.FIELD)):
        raise Problem(Refusal.CSRF, 400)


def _ask_to_sign_in() -> BaseResponse:
    if wants_json() or request.method != "GET":
        raise Problem(Refusal.SIGN_IN_NEEDED, 401)
    return redirect(url_for("accounts.login", next=_where_to()))


def safe_query() -> dict[str, str]:
    """The query of this request for links of its page: without a search, which may hold a name or a number."""
    return {name: value for name, value in request.args.items() if name != SEARCH}


def _where_to() -> str:
    """The requested page with at most the lane of its query: a search holds a name, which no address may contain."""
    lane = request.args.get("lane", type=int)
    return request.path if lane is None else f"{request.path}?lane={lane}"


def _refuse() -> BaseResponse:
    raise Problem(Refusal.FORBIDDEN, 403)
