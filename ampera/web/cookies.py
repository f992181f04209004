"""Cookies of people at work leave over TLS only, where the public address says https or the request came that way."""

from flask import Flask, Request, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


def need_tls() -> bool:
    """Whether a cookie of this answer is for TLS only. A proxy may end TLS before a server that was not told so."""
    return current_app.extensions["ampera.settings"].is_https or request.is_secure


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, whose cookie follows this rule."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Programs have no cookie, and need nothing that could read one."""
        has_cookie = self.get_cookie_name(app) in request.cookies
        return super().open_session(app, request) if has_cookie else self.session_class()

    def get_cookie_secure(self, app: Flask) -> bool:
        return need_tls()
