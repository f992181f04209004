"""A new secret for the next page only. The session's cookie is signed but readable, therefore the secret is sealed."""

import json
import time
from typing import Any

from flask import current_app, request, session

from ampera.installation.data_keys import DataKeys, Unreadable, of_secret

PREFIX = "shown_once_"
PLACE = "shown once"
SECONDS = 300


def keep(name: str, shown: Any) -> None:
    """Keep it for the next page that takes this name."""
    session[PREFIX + name] = _keys().seal(json.dumps([time.time(), shown]), PLACE)


def take(name: str) -> Any:
    """What was kept, the first time that a page takes it within five minutes; otherwise None."""
    sealed = session.get(PREFIX + name, "") if request.method == "GET" else ""
    if not sealed:
        return None
    session.pop(PREFIX + name)
    try:
        kept_at, shown = json.loads(_keys().open(sealed, PLACE))
    except Unreadable:
        return None
    return shown if time.time() - kept_at <= SECONDS else None


def _keys() -> DataKeys:
    return of_secret(current_app.extensions["ampera.settings"].secret_key)
