"""Keys that encrypt single values of the database (AES-256-GCM): a stolen file opens nothing that is sealed with them.

A sealed value is `ID:BASE64`; it names its key. Every key must stay in the setting, behind the newest one.
"""

import base64
import hmac
import os
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PURPOSE = b"ampera.data.1"
NONCE = 12  # bytes


class Unreadable(ValueError):
    """The value was sealed with a key that is gone, for another place, or was changed."""


@dataclass(frozen=True)
class DataKeys:
    """The secrets by their ids, newest first."""

    secrets: dict[str, bytes] = field(repr=False)

    def seal(self, text: str, place: str) -> str:
        """Encrypt with the newest key. `place` names row and column: moved elsewhere, the value opens nothing."""
        key_id, secret = next(iter(self.secrets.items()))
        nonce = os.urandom(NONCE)
        sealed = AESGCM(secret).encrypt(nonce, text.encode(), place.encode())
        return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """The text. Raises `Unreadable`."""
        key_id, _, rest = sealed.partition(":")
        if key_id not in self.secrets:
            raise Unreadable(f"No key {key_id[:16]!r} in AMPERA_DATA_KEYS")
        try:
            parts = base64.b64decode(rest, validate=True)
            return AESGCM(self.secrets[key_id]).decrypt(parts[:NONCE], parts[NONCE:], place.encode()).decode()
        except (InvalidTag, ValueError):
            raise Unreadable("The sealed value was changed, or belongs to another place") from None


@lru_cache
def data_keys(own: str, code_keys: str) -> DataKeys:
    """From AMPERA_DATA_KEYS, otherwise derived from AMPERA_CODE_KEYS. The settings have checked the form of both."""
    pairs = [part.strip().split(":") for part in (own or code_keys).split(",") if part.strip()]
    return DataKeys({key_id: hmac.digest(bytes.fromhex(secret), PURPOSE, "sha256") for key_id, secret in pairs})
