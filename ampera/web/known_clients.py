"""Which secrets (session cookies, keys, tokens of screens) were valid a short while ago, as hashes in memory.

Limits use this where asking the database would itself be work for strangers. It grants nothing: each request is
authenticated again.
"""

import time
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Any

KEPT_SECONDS = 900
KEPT = 5_000

COOKIES = ("ampera", "__Host-ampera")  # of a session, without and with TLS
AUTHENTICATED = "ampera.is_authenticated"  # in a request's environ, once its sender is


class KnownClients:
    """The secrets of the last quarter of an hour."""

    def __init__(self) -> None:
        self.until: dict[bytes, float] = {}

    def remember(self, environ: dict[str, Any]) -> None:
        """The sender of this request is authenticated."""
        environ[AUTHENTICATED] = True
        for key in _keys(environ):
            self.until.pop(key, None)
            self.until[key] = time.monotonic() + KEPT_SECONDS
        while len(self.until) > KEPT:
            self.until.pop(next(iter(self.until)))

    def forget(self, environ: dict[str, Any]) -> None:
        """The secrets of this request are not valid, or not any more."""
        for key in _keys(environ):
            self.until.pop(key, None)

    def has(self, environ: dict[str, Any]) -> bool:
        now = time.monotonic()
        return any(self.until.get(key, 0.0) > now for key in _keys(environ))


def _keys(environ: dict[str, Any]) -> list[bytes]:
    secrets = [environ.get("HTTP_AUTHORIZATION", "")]
    cookies = environ.get("HTTP_COOKIE", "")
    if f"{COOKIES[0]}=" in cookies:
        try:
            morsels = SimpleCookie(cookies)
        except CookieError:
            morsels = SimpleCookie()
        secrets += [morsels[name].value for name in COOKIES if name in morsels]
    return [sha256(secret.encode("utf-8", "replace")).digest() for secret in secrets if secret]
