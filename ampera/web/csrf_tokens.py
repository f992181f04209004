"""The token that each form and each request of a page carries: a page of another site cannot know it (CSRF).

It is a random value of the session, signed. A page keeps its token until its session ends, however long it stays open.
"""

import hmac
import secrets

from flask import Flask, current_app, g, session

from ampera.web.cookies import FORMER_SECONDS, LONGEST, signing_keys
from ampera.web.signatures import Signer

FIELD = "csrf_token"  # of forms, and of the session
SALT = "wtf-csrf-token"


def init_app(app: Flask) -> None:
    app.jinja_env.globals["csrf_token"] = token


def token() -> str:
    """The token for this page. The first one of a browser begins a session."""
    if FIELD not in g:
        if not isinstance(session.get(FIELD), str):
            session[FIELD] = secrets.token_hex(32)
        g.csrf_token = signed(session[FIELD])
    return str(g.csrf_token)


def signed(value: str) -> str:
    """The token of the session that has this value."""
    return _signer().write(value)


def is_right(typed: str | None) -> bool:
    """Whether this is a token of the session. How old it may be is for the session to say."""
    wanted = session.get(FIELD)
    found = _signer().read(typed, LONGEST, FORMER_SECONDS) if typed and wanted else None
    return found is not None and hmac.compare_digest(str(wanted).encode(), str(found.value).encode())


def _signer() -> Signer:
    return Signer(signing_keys(current_app.config), SALT)
