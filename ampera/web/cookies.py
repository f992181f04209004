"""The cookies of this site: their names, their signatures, and where they may go.

Where the public address says https, or the request came that way, a cookie is for TLS only and its name begins with
`__Host-`: no other name of the domain, and nothing that speaks plain HTTP, can then set it. Versions before 1.2 gave
the names without it. Such a cookie is renamed, so that an upgrade signs nobody out and no screen or tablet is lost.
"""

from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin, session_json_serializer
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from ampera.web import response_headers
from ampera.web.signatures import Signed, Signer

PREFIX = "__Host-"
DAY = 86400  # seconds
FORMER_SECONDS = DAY  # no session lives longer (accounts.queries), so no older cookie of a session opens anything
LONGEST = 400 * DAY  # that browsers keep a cookie
MOST = 4096  # characters of a cookie, as in browsers
# The other earlier names with their paths; one with "_" at its end is a beginning.
FORMER = {"ampera_tablet": "/", "ampera_device": "/login", "ampera_screen_": "/", "lang": "/"}


def need_tls() -> bool:
    """Whether a cookie of this answer is for TLS only. A proxy may end TLS before a server that was not told so."""
    return current_app.extensions["ampera.settings"].is_https or request.is_secure


def read(name: str) -> str:
    """The value of this browser's cookie, also under the earlier name; "" without one."""
    return request.cookies.get(PREFIX + name) or request.cookies.get(name, "")


def names(beginning: str) -> list[str]:
    """The cookies of this browser whose names begin like this, without the prefix."""
    found = {name.removeprefix(PREFIX) for name in request.cookies}
    return sorted(name for name in found if name.startswith(beginning))


def keep(response: BaseResponse, name: str, value: str, seconds: int) -> None:
    """Store this value in the browser, hidden from scripts and other sites. Without TLS name and path are as before."""
    is_tls = need_tls()
    path = "/" if is_tls else _former_path(name) or "/"
    name_now = PREFIX + name if is_tls else name
    response.set_cookie(name_now, value, max_age=seconds, httponly=True, samesite="Lax", path=path, secure=is_tls)
    _forget_former(response, name)


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
    app.after_request(_rename)


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions with these names, and signed with SHA-256."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return need_tls()

    def get_cookie_name(self, app: Flask) -> str:
        base = super().get_cookie_name(app)
        return PREFIX + base if need_tls() else base

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        return self._signer(app).newest

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """The session of this browser. Over TLS the earlier name opens only what an earlier version has signed.

        Others could set a cookie of that name, but nobody gets such a signature any more.
        """
        base = super().get_cookie_name(app)
        found = self._read(app, request.cookies.get(PREFIX + base))
        if found is None and (plain := self._read(app, request.cookies.get(base))):
            found = plain if plain.is_former or not need_tls() else None
        opened = self.session_class(found.value if found else None)
        opened.modified = found is not None and found.is_former
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """A public file that a cache may keep carries no cookie: the session is renewed with the next page."""
        if response_headers.is_cacheable():
            return
        super().save_session(app, session, response)
        if session.modified:
            _forget_former(response, super().get_cookie_name(app))

    def _read(self, app: Flask, text: str | None) -> Signed | None:
        age = int(app.permanent_session_lifetime.total_seconds())
        return self._signer(app).read(text, age, FORMER_SECONDS) if text else None

    def _signer(self, app: Flask) -> Signer:
        return Signer(signing_keys(app.config), self.salt, session_json_serializer)


def signing_keys(config: Any) -> list[str]:
    """The keys that sign cookies and tokens of forms, the one in use last."""
    return [*(config["SECRET_KEY_FALLBACKS"] or ()), config["SECRET_KEY"]]


def _rename(response: Response) -> Response:
    """Give cookies with earlier names their new ones. How long they last is not known here; each use renews them."""
    if not need_tls() or response_headers.is_cacheable():
        return response
    given = {cookie.partition("=")[0] for cookie in response.headers.getlist("Set-Cookie")} | set(request.cookies)
    for name, value in request.cookies.items():
        if _former_path(name) and PREFIX + name not in given and 0 < len(value) <= MOST:
            keep(response, name, value, LONGEST)
    return response


def _forget_former(response: BaseResponse, name: str) -> None:
    if need_tls() and name in request.cookies:
        response.delete_cookie(name, path=_former_path(name) or "/", secure=True, httponly=True, samesite="Lax")


def _former_path(name: str) -> str | None:
    beginnings = (path for known, path in FORMER.items() if known.endswith("_") and name.startswith(known))
    return FORMER.get(name) or next(beginnings, None)
