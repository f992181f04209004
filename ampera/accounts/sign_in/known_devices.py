"""A signed cookie that names the accounts which have signed in with this browser. It opens nothing.

Wrong passwords of strangers lock an account for strangers only: a browser that its owner has used counts by itself.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ampera.web.signatures import Signer

COOKIE = "ampera_device"
SALT = "known-device"
TAG = 32  # characters: 128 bits
FORMER_TAG = 16  # of versions before 1.2
LIFETIME = 180 * 86400  # seconds
MOST_ACCOUNTS = 12  # of one browser; a shared tablet has a handful


@dataclass(frozen=True)
class KnownDevice:
    """A browser's random id, and a tag for each account that has signed in with it."""

    nonce: str
    tags: dict[str, str] = field(default_factory=dict)

    def knows(self, staff_id: int, password_hash: str) -> bool:
        """False after the account's password has changed."""
        tag = self.tags.get(str(staff_id), "")
        wanted = _tag(self.nonce, password_hash)
        return hmac.compare_digest(tag, wanted[:FORMER_TAG] if len(tag) == FORMER_TAG else wanted)


def read(secret: str, cookie: str, former_secrets: Sequence[str] = ()) -> KnownDevice | None:
    """The device of this cookie; None when the cookie is not ours or too old."""
    found = Signer([*former_secrets, secret], SALT).read(cookie, LIFETIME, LIFETIME)
    try:
        nonce, tags = found.value if found else (None, {})
        return KnownDevice(str(nonce), dict(tags)) if found else None
    except (TypeError, ValueError):
        return None


def remember(secret: str, device: KnownDevice | None, staff_id: int, password_hash: str) -> str:
    """The cookie of this browser after the account has signed in."""
    device = device or KnownDevice(secrets.token_urlsafe(16))
    others = {key: tag for key, tag in device.tags.items() if key != str(staff_id)}
    kept = dict(list(others.items())[-(MOST_ACCOUNTS - 1) :])
    device = replace(device, tags=kept | {str(staff_id): _tag(device.nonce, password_hash)})
    return Signer([secret], SALT).write([device.nonce, device.tags])


def _tag(nonce: str, password_hash: str) -> str:
    return hashlib.sha256(f"{nonce}\x1f{password_hash}".encode()).hexdigest()[:TAG]
