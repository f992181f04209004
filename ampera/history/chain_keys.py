"""The keys of the audit chains. They are derived from AMPERA_CODE_KEYS, so the database alone cannot extend a chain.

A keyed link is `ID:HEX`; it names the key that made it. Every key must stay in the setting, behind the newest one:
without it the links that it made cannot be proved.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache

PURPOSE = b"ampera.audit.chain.1"
HEAD = b"ampera.audit.head.1\x1f"


@dataclass(frozen=True)
class ChainKeys:
    """The secrets by their ids, newest first."""

    secrets: dict[str, bytes] = field(repr=False)

    @property
    def newest_id(self) -> str:
        return next(iter(self.secrets))

    def link(self, text: bytes, key_id: str | None = None) -> str:
        """The keyed link over the text of an entry, with the newest key or the one that is named."""
        key_id = key_id or self.newest_id
        return f"{key_id}:{hmac.new(self.secrets[key_id], text, hashlib.sha256).hexdigest()}"

    def head_mac(self, chain: int, seq: int, link: str, key_id: str | None = None) -> str:
        """What proves that this link was the end of the chain: who cuts the end off cannot make an earlier one."""
        return self.link(HEAD + f"{chain}\x1f{seq}\x1f{link}".encode(), key_id)

    def is_head(self, chain: int, seq: int, link: str, mac: str | None) -> bool:
        """Whether one of these keys says that the chain ended here."""
        key_id = key_of(mac or "")
        if mac is None or key_id not in self.secrets:
            return False
        return hmac.compare_digest(self.head_mac(chain, seq, link, key_id), mac)


def key_of(link: str) -> str | None:
    """The id of the key that made a link; None for a link of an older version, which has no key."""
    key_id, colon, _ = link.partition(":")
    return key_id if colon else None


@lru_cache
def chain_keys(code_keys: str) -> ChainKeys:
    """From AMPERA_CODE_KEYS, whose form the settings have checked."""
    pairs = [part.strip().split(":") for part in code_keys.split(",") if part.strip()]
    return ChainKeys({key_id: hmac.digest(bytes.fromhex(secret), PURPOSE, "sha256") for key_id, secret in pairs})
