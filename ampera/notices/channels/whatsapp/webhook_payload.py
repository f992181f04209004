"""What WhatsApp's webhook tells: proof that it comes from Meta, and the news in it. Plain decisions.

Everything but the statuses of messages is passed over, incoming messages too: nobody reads them here.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from ampera.notices.channels.whatsapp.errors import failure

SIGNATURE = "sha256="
ARRIVED = ("delivered", "read")
FAILED = "failed"
LONGEST_ID = 200


class News(NamedTuple):
    """One message's state. `key` is what we sent along with it, `reason` why it failed."""

    provider_id: str
    key: str
    state: str
    reason: str = ""


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is the body's HMAC with the app's secret, compared in constant time."""
    right = SIGNATURE + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right.encode(), signature.encode())


def is_word(given: str, word: str) -> bool:
    """In constant time, also for words of different length."""
    return hmac.compare_digest(hashlib.sha256(given.encode()).digest(), hashlib.sha256(word.encode()).digest())


def news_in(body: bytes) -> list[News]:
    """What a good body tells of messages, in its order; [] for anything that is not like it."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return [news for status in _statuses(told) if (news := _news(status))]


def _statuses(told: Any) -> Iterator[Any]:
    for entry in _list(told, "entry"):
        for change in _list(entry, "changes"):
            yield from _list(change.get("value") if isinstance(change, dict) else None, "statuses")


def _list(where: Any, name: str) -> list[Any]:
    found = where.get(name) if isinstance(where, dict) else None
    return found if isinstance(found, list) else []


def _news(status: Any) -> News | None:
    if not isinstance(status, dict):
        return None
    provider_id, key, state = (status.get(name) for name in ("id", "biz_opaque_callback_data", "status"))
    if not isinstance(provider_id, str) or not 0 < len(provider_id) <= LONGEST_ID or "\x00" in provider_id:
        return None
    key = key if isinstance(key, str) and len(key) <= LONGEST_ID and "\x00" not in key else ""
    if state in ARRIVED:
        return News(provider_id, key, state)
    if state == FAILED:
        return News(provider_id, key, state, failure(_code(status)).reason)
    return None


def _code(status: dict[str, Any]) -> int:
    """Of the first error; 131026, "cannot be delivered", when there is none."""
    first = next(iter(_list(status, "errors")), None)
    code = first.get("code") if isinstance(first, dict) else None
    return code if isinstance(code, int) else 131026
