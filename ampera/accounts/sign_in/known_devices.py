"""A signed cookie that names the accounts which have signed in with this browser. It opens nothing.

Wrong passwords of strangers lock an account for strangers only: a browser that its owner has used counts by itself.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace

from itsdangerous import BadData, URLSafeTimedSerializer

COOKIE = "ampera_device"
LIFETIME = 180 * 86400  # seconds
MOST_ACCOUNTS = 12  # of one browser; a shared tablet has a handful


@dataclass(frozen=True)
class KnownDevice:
    """A browser's random id, and a tag for each account that has signed in with it."""

    nonce: str
    tags: dict[str, str] = field(default_factory=dict)

    def knows(self, staff_id: int, password_hash: str) -> bool:
        """False after the account's password has changed."""
        return hmac.compare_digest(self.tags.get(str(staff_id), ""), _tag(self.nonce, password_hash))


def read(secret: str, cookie: str) -> KnownDevice | None:
    """The device of this cookie; None when the cookie is not ours or too old."""
    try:
        nonce, tags = _serializer(secret).loads(cookie, max_age=LIFETIME)
        return KnownDevice(str(nonce), dict(tags))
    except (BadData, TypeError, ValueError):
        return None


def remember(secret: str, device: KnownDevice | None, staff_id: int, password_hash: str) -> str:
    """The cookie of this browser after the account has signed in."""
    device = device or KnownDevice(secrets.token_urlsafe(12))
    others = {key: tag for key, tag in device.tags.items() if key != str(staff_id)}
    kept = dict(list(others.items())[-(MOST_ACCOUNTS - 1) :])
    device = replace(device, tags=kept | {str(staff_id): _tag(device.nonce, password_hash)})
    return str(_serializer(secret).dumps([device.nonce, device.tags]))


def _tag(nonce: str, password_hash: str) -> str:
    return hashlib.sha256(f"{nonce}\x1f{password_hash}".encode()).hexdigest()[:16]


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="known-device")
