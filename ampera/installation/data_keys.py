"""Keys that encrypt single values of the database (AES-256-GCM): without them its file shows none of these.

A sealed value is `ID:BASE64`, sealed bytes are `ID:` and the bytes; both name their key. A key must stay in the
setting, behind the newest one, until `ampera keys rotate data` has replaced it everywhere.
"""

import base64
import hmac
import os
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PURPOSE = b"ampera.data.1"
NONCE = 12  # bytes
LONGEST_ID = 16


class Unreadable(ValueError):
    """The value was sealed with a key that is gone, for another place, or was changed."""


@dataclass(frozen=True)
class DataKeys:
    """The secrets by their ids, newest first."""

    secrets: dict[str, bytes] = field(repr=False)

    @cached_property
    def newest_id(self) -> str:
        return next(iter(self.secrets))

    @cached_property
    def newest(self) -> bytes:
        return self.secrets[self.newest_id]

    def seal(self, text: str, place: str) -> str:
        """Encrypt with the newest key. `place` names where the value belongs: elsewhere it opens nothing."""
        return f"{self.newest_id}:{base64.b64encode(self._encrypted(text.encode(), place)).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """The text. Raises `Unreadable`."""
        key_id, _, rest = sealed.partition(":")
        try:
            return self._decrypted(key_id, base64.b64decode(rest, validate=True), place).decode()
        except ValueError as error:
            raise error if isinstance(error, Unreadable) else Unreadable("The value was never sealed") from None

    def seal_bytes(self, content: bytes, place: str) -> bytes:
        return f"{self.newest_id}:".encode() + self._encrypted(content, place)

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """The bytes. Raises `Unreadable`."""
        key_id, _, rest = sealed.partition(b":")
        return self._decrypted(key_id[:LONGEST_ID].decode("ascii", "replace"), rest, place)

    @cached_property
    def _ciphers(self) -> dict[str, AESGCM]:
        return {key_id: AESGCM(secret) for key_id, secret in self.secrets.items()}

    def _encrypted(self, content: bytes, place: str) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._ciphers[self.newest_id].encrypt(nonce, content, place.encode())

    def _decrypted(self, key_id: str, content: bytes, place: str) -> bytes:
        if key_id not in self.secrets:
            raise Unreadable(f"No key {key_id[:LONGEST_ID]!r} in AMPERA_DATA_KEYS")
        try:
            return self._ciphers[key_id].decrypt(content[:NONCE], content[NONCE:], place.encode())
        except (InvalidTag, ValueError):
            raise Unreadable("The sealed value was changed, or belongs to another place") from None


@lru_cache
def data_keys(own: str, code_keys: str) -> DataKeys:
    """From AMPERA_DATA_KEYS, otherwise derived from AMPERA_CODE_KEYS. The settings have checked the form of both."""
    pairs = [part.strip().split(":") for part in (own or code_keys).split(",") if part.strip()]
    return DataKeys({key_id: hmac.digest(bytes.fromhex(secret), PURPOSE, "sha256") for key_id, secret in pairs})


@lru_cache
def of_secret(secret: str) -> DataKeys:
    """What seals short-lived values outside the database, under AMPERA_SECRET_KEY; `place` names their purpose."""
    return DataKeys({"secret": hmac.digest(secret.encode(), PURPOSE, "sha256")})
