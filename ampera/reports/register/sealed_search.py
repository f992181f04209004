"""A searched text in an address that only the server can read, and only for the person who searched.

The search of the register holds names and numbers. An address goes into the browser's history and into logs of proxies,
so the links of a search (pages, files, days) have the text encrypted, all of one length.
"""

import base64
import hashlib
import json
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken

from ampera import clock
from ampera.audit import Actor

LIVES = timedelta(hours=14)  # as long as a session
LENGTH = 512  # bytes before the encryption: the length of an address says nothing about the text


def sealed(secret: str, who: Actor, text: str) -> str:
    """The text for addresses of this person."""
    content = json.dumps([_holder(who), text], ensure_ascii=False).encode()
    return _seal(secret).encrypt_at_time(content.ljust(LENGTH), int(clock.now().timestamp())).decode()


def opened(secret: str, who: Actor, token: str) -> str | None:
    """The text; None when the token is somebody else's, too old, or none of this server."""
    try:
        now = int(clock.now().timestamp())
        content = _seal(secret).decrypt_at_time(token.encode(), int(LIVES.total_seconds()), now)
    except (InvalidToken, ValueError):
        return None
    holder, text = json.loads(content)
    return text if holder == _holder(who) else None


def _holder(who: Actor) -> str:
    return f"{who.kind}:{who.staff_id}:{who.office_id}"


def _seal(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"register-search\x1f{secret}".encode()).digest()))
