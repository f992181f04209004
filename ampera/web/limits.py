"""Limits of traffic per client (Flask-Limiter) and of a body's size per endpoint.

Limits that must survive a restart are counted in the database.
"""

import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, current_app, request
from flask_limiter import Limiter

from ampera.security import current_actor, token_hash
from ampera.web import rates
from ampera.web.counters import Counters, SharedCounters
from ampera.web.known_clients import AUTHENTICATED

FORM_BODY = 256 * 1024  # bytes of a form without files: parsing a longer one would block all requests
STRANGER_BODY = 64 * 1024  # bytes of a body of any kind whose sender is not authenticated
MAX_PARTS = 1_000  # of a form with files
STRANGER_PARTS = 50  # of a form with files; each costs as much as a request
BODY = 2 * 1024 * 1024  # bytes of any other body, unless its endpoint says `body_up_to`


class MeasuredRequest(Request):
    """A request with the longest body that its endpoint accepts; a longer one is refused (413)."""

    @property  # type: ignore[misc]
    def max_content_length(self) -> int:  # type: ignore[override]
        view = current_app.view_functions.get(self.endpoint or "")
        if not _is_stranger():
            is_form = self.mimetype == "application/x-www-form-urlencoded"
            return FORM_BODY if is_form else getattr(view, "max_body", BODY)
        is_public = "public" in getattr(view, "access", ())
        return getattr(view, "max_body", STRANGER_BODY) if is_public else STRANGER_BODY

    @property  # type: ignore[misc]
    def max_form_parts(self) -> int:  # type: ignore[override]
        return STRANGER_PARTS if _is_stranger() else MAX_PARTS


def _is_stranger() -> bool:
    return AUTHENTICATED not in request.environ


def body_up_to(size: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator (outermost, right under the route) for an endpoint with longer bodies, such as files."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.max_body = size  # type: ignore[attr-defined]
        return view

    return mark


def network() -> str:
    """The address of the client as limits count it: an IPv4 address or an IPv6 /64."""
    return rates.network(request.remote_addr)


def client() -> str:
    """The key of a client: the id of a member of staff, key or display, otherwise the address."""
    who = current_actor()
    return f"{who.kind}:{who.staff_id or who.device_id}" if who else network()


class ViewLimits(Limiter):
    """The limits of decorated views. What the library does before every request is for limits of a whole app."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = ViewLimits(key_func=client)


def init_app(app: Flask) -> None:
    app.request_class = MeasuredRequest
    redis_url = app.extensions["ampera.settings"].redis_url
    app.config.update(
        RATELIMIT_STORAGE_URI=f"{(SharedCounters if redis_url else Counters).STORAGE_SCHEME[0]}://",
        RATELIMIT_STORAGE_OPTIONS={"url": redis_url} if redis_url else {},
        RATELIMIT_HEADERS_ENABLED=True,
        RATELIMIT_SWALLOW_ERRORS=True,
    )
    limiter.init_app(app)


def limit_when(condition: Callable[[], bool], limit: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Limit only the requests that meet the condition. All others pay nothing, which `exempt_when` does not give."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        limited = limiter.limit(limit)(view)

        @functools.wraps(limited)
        def choose(*args: object, **kwargs: object) -> Any:
            return (limited if condition() else view)(*args, **kwargs)

        return choose

    return mark


def guesses(limit: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For endpoints where a client could guess secrets. Only requests that change or look up something count."""
    return limiter.limit(limit, key_func=network, methods=["POST"])


def unknown_links(view: Callable[..., Any]) -> Callable[..., Any]:
    """For addresses with an unguessable link. Only requests with an unknown link count."""
    limit = limiter.limit("30/minute", key_func=network, deduct_when=lambda response: response.status_code == 404)
    return limit(view)


def per_link(limit: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For requests of an applicant's page, counted by link, because many phones share one network address.

    The store of the counters gets a hash, never the link.
    """
    return limiter.limit(limit, key_func=lambda: token_hash(str((request.view_args or {}).get("link"))))


def failures(limit: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For sign-in: only refused requests count, because an office or a mobile network shares one address."""
    return limiter.limit(
        limit, key_func=network, methods=["POST"], deduct_when=lambda response: response.status_code >= 400
    )
