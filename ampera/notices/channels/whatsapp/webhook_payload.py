"""The payload of WhatsApp's webhook: the signature of Meta, and the status updates of messages.

Everything except status updates is ignored, incoming messages too.
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


class StatusUpdate(NamedTuple):
    """The state of one message. `key` is the key that was sent with the message, `reason` the cause of a failure."""

    provider_id: str
    key: str
    state: str
    reason: str = ""


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is the body's HMAC with the app's secret, compared in constant time."""
    expected = SIGNATURE + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def is_verify_token(submitted: str, expected: str) -> bool:
    """Compare in constant time, also for texts of different length."""
    return hmac.compare_digest(hashlib.sha256(submitted.encode()).digest(), hashlib.sha256(expected.encode()).digest())


def status_updates(body: bytes) -> list[StatusUpdate]:
    """The status updates in a body, in their order; [] for a body of another form."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return [update for status in _statuses(payload) if (update := _status_update(status))]


def _statuses(payload: object) -> Iterator[Any]:
    for entry in _list(payload, "entry"):
        for change in _list(entry, "changes"):
            yield from _list(change.get("value") if isinstance(change, dict) else None, "statuses")


def _list(where: object, name: str) -> list[Any]:
    found = where.get(name) if isinstance(where, dict) else None
    return found if isinstance(found, list) else []


def _status_update(status: object) -> StatusUpdate | None:
    if not isinstance(status, dict):
        return None
    provider_id, key, state = (status.get(name) for name in ("id", "biz_opaque_callback_data", "status"))
    if not isinstance(provider_id, str) or not 0 < len(provider_id) <= LONGEST_ID or "\x00" in provider_id:
        return None
    key = key if isinstance(key, str) and len(key) <= LONGEST_ID and "\x00" not in key else ""
    if state in ARRIVED:
        return StatusUpdate(provider_id, key, state)
    if state == FAILED:
        return StatusUpdate(provider_id, key, state, failure(_code(status)).reason)
    return None


def _code(status: dict[str, Any]) -> int:
    """The code of the first error; without an error 131026, "cannot be delivered"."""
    first = next(iter(_list(status, "errors")), None)
    code = first.get("code") if isinstance(first, dict) else None
    return code if isinstance(code, int) else 131026
