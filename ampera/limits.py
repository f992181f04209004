"""Limits of traffic per client (Flask-Limiter) and of a body's size per endpoint.

What must hold across restarts is counted in the database instead.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from ampera.security import current_actor, token_hash

FORM_BODY = 256 * 1024  # bytes of a form without files: parsing a longer one would hold up everybody
BODY = 2 * 1024 * 1024  # bytes of any other body, unless its endpoint says `body_up_to`


class MeasuredRequest(Request):
    """A request whose body may be as long as its endpoint needs, and no longer (413)."""

    @property  # type: ignore[misc]
    def max_content_length(self) -> int:  # type: ignore[override]
        if self.mimetype == "application/x-www-form-urlencoded":
            return FORM_BODY
        view = current_app.view_functions.get(self.endpoint or "")
        return getattr(view, "max_body", BODY)


def body_up_to(size: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark an endpoint (outermost, right under its route) that takes longer bodies, such as files."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.max_body = size  # type: ignore[attr-defined]
        return view

    return mark


def client() -> str:
    """A member of staff, key or display by its id, anybody else by address."""
    who = current_actor()
    return f"{who.kind}:{who.staff_id or who.device_id}" if who else get_remote_address()


limiter = Limiter(key_func=client)


def init_app(app: Flask) -> None:
    app.request_class = MeasuredRequest
    app.config.update(
        RATELIMIT_STORAGE_URI=app.extensions["ampera.settings"].redis_url or "memory://",
        RATELIMIT_HEADERS_ENABLED=True,
        RATELIMIT_SWALLOW_ERRORS=True,
    )
    limiter.init_app(app)


def guesses(limit: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For endpoints where somebody could try out secrets: only requests that change or look something up count."""
    return limiter.limit(limit, key_func=get_remote_address, methods=["POST"])


def unknown_links(view: Callable[..., Any]) -> Callable[..., Any]:
    """For addresses that hold an unguessable link: only those that do not exist count, whatever is done with them."""
    limit = limiter.limit(
        "30/minute", key_func=get_remote_address, deduct_when=lambda response: response.status_code == 404
    )
    return limit(view)


def per_link(limit: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For what an applicant's page asks or posts: counted by its link, which many phones of one network do not share.

    The store of the counters gets a hash, never the link.
    """
    return limiter.limit(limit, key_func=lambda: token_hash(str((request.view_args or {}).get("link"))))
