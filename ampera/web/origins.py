"""The addresses of this server: under which names it answers, and whose pages may send it requests.

AMPERA_PUBLIC_URL decides. A proxy may pass any Host: what came through it is a request to the public address. Without
a proxy the Host must be a name of this server, because a foreign name that leads here (DNS rebinding) would make a
foreign page one of ours.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from ampera.errors import Problem, Refusal
from ampera.settings import Settings
from ampera.web import addresses

FOR_MACHINES = {"health.alive", "health.ready", "metrics.show"}  # asked by monitors under any name
OWN_SITE = ("", "same-origin", "none")  # Sec-Fetch-Site of our pages; old browsers and programs send none
NO_HOST = "host.invalid"  # RFC 2606: no machine ever has it
READING = ("GET", "HEAD", "OPTIONS", "TRACE")

log: structlog.stdlib.BoundLogger = structlog.get_logger()
Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Read client, scheme and host as the proxies pass them. Call this last: sockets are requests too."""
    app.wsgi_app = _readable_host(app.wsgi_app)  # type: ignore[assignment, method-assign]
    if not settings.proxies:
        return
    from werkzeug.middleware.proxy_fix import ProxyFix

    if settings.public_url:
        app.wsgi_app = _PublicAddress(app.wsgi_app, settings)  # type: ignore[method-assign]
    # The host is not taken from X-Forwarded-Host: a proxy that does not set it passes the client's own.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]


def init_app(app: Flask) -> None:
    """Register this before the hooks that read the session: a request to a foreign name has none."""

    @app.before_request
    def check_address() -> BaseResponse | None:
        settings: Settings = current_app.extensions["ampera.settings"]
        if request.endpoint in FOR_MACHINES:
            return None
        if not knows_host(request.host, settings):
            raise Problem(Refusal.WRONG_HOST, 400)
        if request.method not in READING and not may_write(settings):
            raise Problem(Refusal.WRONG_ORIGIN, 400)
        return _to_https(settings)


def may_write(settings: Settings) -> bool:
    """Whether the page that sent this request is one of ours.

    "null" is the origin of our own forms, since our pages give no referrer; there the CSRF token decides.
    """
    if request.headers.get("Sec-Fetch-Site", "") not in OWN_SITE:
        return False
    origin = request.headers.get("Origin", "null")
    return origin == "null" or is_own(origin, request.host, settings)


def may_listen(settings: Settings) -> Callable[[str | None, Environ], bool]:
    """The check of a socket's origin, for Engine.IO. A program without a page has no origin."""

    def check(origin: str | None, environ: Environ) -> bool:
        host = environ.get("HTTP_HOST", "")
        allowed = knows_host(host, settings) and (origin is None or is_own(origin, host, settings))
        if not allowed:
            log.warning("socket refused", code=Refusal.WRONG_ORIGIN)
        return allowed

    return check


def is_own(origin: str, host: str, settings: Settings) -> bool:
    """Whether a page of `origin` was loaded from this server, which was asked as `host`."""
    page = addresses.origin(origin)
    if page is None:
        return False
    return page in {
        addresses.origin(settings.public_url),
        addresses.origin(f"http://{host}"),
        addresses.origin(f"https://{host}"),
    }


def knows_host(host: str, settings: Settings) -> bool:
    """Whether the server answers under this name.

    A development server without a public address answers under any name; nothing in it is real. An address of numbers
    cannot be a foreign name.
    """
    if not (settings.is_production or settings.public_url or settings.other_names):
        return True
    parts = addresses.origin(f"http://{host}")
    if parts is None:
        return False
    name = parts.name
    return _is_number(name) or name in _names(settings)


def _names(settings: Settings) -> set[str]:
    public = addresses.origin(settings.public_url)
    return {
        "localhost",
        settings.host.lower(),
        *_machine_names(),
        *settings.other_names,
        *([public.name] if public else ()),
    }


@cache
def _machine_names() -> frozenset[str]:
    name = socket.gethostname().lower()
    return frozenset({name, f"{name}.local", socket.getfqdn().lower()})


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _to_https(settings: Settings) -> BaseResponse | None:
    """The same page at the public address, where a cookie that only HTTPS may carry would be lost on this way.

    This concerns a server behind a proxy that somebody opens directly by another name. A machine's own loopback stays.
    """
    public = addresses.origin(settings.public_url)
    is_page = request.method == "GET" and not request.path.startswith("/api/")
    if request.is_secure or settings.tls != "off" or public is None or public.scheme == "http" or not is_page:
        return None
    asked = addresses.origin(f"http://{request.host}")
    if asked is None or asked.name == public.name or addresses.is_loopback(asked.name):
        return None
    return redirect(settings.public_url + request.full_path.rstrip("?"), 307)


def _readable_host(app: Wsgi) -> Wsgi:
    """Give a request whose Host cannot be one a name that nobody has: it is refused like any foreign name."""

    def with_host(environ: Environ, start_response: Any) -> Iterable[bytes]:
        if "HTTP_HOST" in environ and addresses.origin(f"http://{environ['HTTP_HOST']}") is None:
            environ["HTTP_HOST"] = NO_HOST
        return app(environ, start_response)

    return with_host


class _PublicAddress:
    """Gives requests that came through the proxy the public address, unless they name another name of this server."""

    def __init__(self, app: Wsgi, settings: Settings) -> None:
        self.app = app
        self.other_names = settings.other_names
        public = urlsplit(settings.public_url)
        self.scheme, self.netloc = public.scheme, public.netloc

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if "HTTP_X_FORWARDED_FOR" in environ:
            asked = addresses.origin(f"http://{environ.get('HTTP_HOST', '')}")
            if asked is None or asked.name not in self.other_names:
                environ["HTTP_HOST"], environ["wsgi.url_scheme"] = self.netloc, self.scheme
        return self.app(environ, start_response)
