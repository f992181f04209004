"""How cookies and tokens of forms are signed: HMAC-SHA256, with a key of its own for each purpose.

Versions before 1.2 signed with HMAC-SHA1. What they have signed is read for a while, and is then signed again.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from itsdangerous import BadData, URLSafeTimedSerializer

SHA256 = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
SHA1 = {"key_derivation": "hmac", "digest_method": hashlib.sha1}


class Signed(NamedTuple):
    """What was signed. `is_former`: with the digest, or with a key, that was used earlier."""

    value: Any
    is_former: bool


class Signer:
    """Signs for one purpose (`salt`) with the last of these keys; the keys before it are only read."""

    def __init__(self, keys: Sequence[str], salt: str, codec: Any = None) -> None:
        self.keys, self.salt, self.codec = list(keys), salt, codec
        self.newest = self._serializer(self.keys[-1:], SHA256)

    def write(self, value: Any) -> str:
        return str(self.newest.dumps(value))

    def read(self, text: str | None, seconds: int, former_seconds: int) -> Signed | None:
        """What is signed in this text; None when it is not ours, or too old. HMAC-SHA1 has an age of its own."""
        for serializer, age in self._readers(seconds, former_seconds):
            try:
                return Signed(serializer.loads(text or "", max_age=age), serializer is not self.newest)
            except BadData:
                continue
        return None

    def _readers(self, seconds: int, former_seconds: int) -> Iterator[tuple[URLSafeTimedSerializer, int]]:
        yield self.newest, seconds
        if len(self.keys) > 1:
            yield self._serializer(self.keys[:-1], SHA256), seconds
        yield self._serializer(self.keys, SHA1), former_seconds

    def _serializer(self, keys: list[str], digest: dict[str, Any]) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(keys, salt=self.salt, serializer=self.codec, signer_kwargs=digest)
