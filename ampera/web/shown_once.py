"""A new secret for the next page only. The session's cookie is signed but readable, therefore the secret is sealed."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app, request, session

PREFIX = "shown_once_"
SECONDS = 300


def keep(name: str, shown: Any) -> None:
    """Keep it for the next page that takes this name."""
    session[PREFIX + name] = _seal().encrypt(json.dumps(shown).encode()).decode()


def take(name: str) -> Any:
    """What was kept, the first time that a page takes it within five minutes; otherwise None."""
    sealed = session.get(PREFIX + name, "") if request.method == "GET" else ""
    if not sealed:
        return None
    session.pop(PREFIX + name)
    try:
        return json.loads(_seal().decrypt(sealed.encode(), ttl=SECONDS))
    except InvalidToken:
        return None


def _seal() -> Fernet:
    secret = current_app.extensions["ampera.settings"].secret_key
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"shown-once\x1f{secret}".encode()).digest()))
