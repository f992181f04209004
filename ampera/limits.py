"""Limits of traffic per client (Flask-Limiter). What must hold across restarts is counted in the database."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from ampera.security import current_actor


def client() -> str:
    """A member of staff, key or display by its id, anybody else by address."""
    who = current_actor()
    return f"{who.kind}:{who.staff_id or who.device_id}" if who else get_remote_address()


limiter = Limiter(key_func=client)


def init_app(app: Flask) -> None:
    app.config.update(
        RATELIMIT_STORAGE_URI=app.extensions["ampera.settings"].redis_url or "memory://",
        RATELIMIT_HEADERS_ENABLED=True,
        RATELIMIT_SWALLOW_ERRORS=True,
    )
    limiter.init_app(app)


def guesses(limit: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For endpoints where somebody could try out secrets: only requests that change or look something up count."""
    return limiter.limit(limit, key_func=get_remote_address, methods=["POST"])
