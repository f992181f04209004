"""A searched text in an address that only the server can read, and only for the person who searched.

The search of the register holds names and numbers. An address goes into the browser's history and into logs of proxies,
so the links of a search (pages, files, days) have the text encrypted, all of one length.
"""

import json
from datetime import timedelta

from ampera import clock
from ampera.audit import Actor
from ampera.installation.data_keys import Unreadable, of_secret

LIVES = timedelta(hours=14)  # as long as a session
PLACE = "search of the register"
LENGTH = 512  # bytes before the encryption: the length of an address says nothing about the text


def sealed(secret: str, who: Actor, text: str) -> str:
    """The text for addresses of this person."""
    content = json.dumps([clock.now().timestamp(), _holder(who), text], ensure_ascii=False)
    return of_secret(secret).seal(content + " " * (LENGTH - len(content.encode())), PLACE)


def opened(secret: str, who: Actor, token: str) -> str | None:
    """The text; None when the token is somebody else's, too old, or none of this server."""
    try:
        sealed_at, holder, text = json.loads(of_secret(secret).open(token, PLACE))
    except Unreadable:
        return None
    is_new = clock.now().timestamp() - sealed_at <= LIVES.total_seconds()
    return text if is_new and holder == _holder(who) else None


def _holder(who: Actor) -> str:
    return f"{who.kind}:{who.staff_id}:{who.office_id}"
