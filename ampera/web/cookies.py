"""Cookies of people at work leave over TLS only, where the public address says https or the request came that way."""

from flask import Flask, current_app, request
from flask.sessions import SecureCookieSessionInterface


def need_tls() -> bool:
    """Whether a cookie of this answer is for TLS only. A proxy may end TLS before a server that was not told so."""
    return current_app.extensions["ampera.settings"].is_https or request.is_secure


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, whose cookie follows this rule."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return need_tls()
