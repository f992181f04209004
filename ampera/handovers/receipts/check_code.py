"""The receipt that a collector keeps, and its check code. The code says nothing to anybody but this installation.

`SABT` and 24 Crockford base32 characters (so a version 2 QR, as a pickup code): 40 bits that find the first row and
80 bits of HMAC-SHA256 over the digests of all its rows. The row's id is hidden by a mask that is derived from the MAC
(a keyed pad, different for every receipt), so codes do not even tell which of two receipts is the older one.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ampera.pickups.codes import ALPHABET, CodeKeys, clean

PREFIX = "SABT"
ID_BITS, MAC_BITS = 40, 80
CHARS = (ID_BITS + MAC_BITS) // 5
LENGTH = len(PREFIX) + CHARS
LAST_DIGITS = 3  # fewer than the four that open the window's lock
GROUP = 4


@dataclass(frozen=True)
class Item:
    """One book on a receipt: its number in the register and as little of the book as tells it apart."""

    handover_id: int
    number: int
    first_name: str
    kind: str
    last_digits: str
    is_void: bool


@dataclass(frozen=True)
class Receipt:
    """What one collector took of one pickup at once. `code` is its check code."""

    at: datetime
    lane: int
    collector_class: str
    items: tuple[Item, ...]
    code: str = field(repr=False)

    @property
    def is_void(self) -> bool:
        """Whether nothing of it stands any more."""
        return all(item.is_void for item in self.items)


def check_code(keys: CodeKeys, first_id: int, digests: Sequence[str]) -> str:
    """The code of the receipt whose rows have these digests (see `records.digest`), derived with the newest key."""
    return _code(keys.secrets[keys.newest_id], first_id, digests)


def is_receipt(typed: str) -> bool:
    """Whether this has the shape of a check code, however it was typed or scanned."""
    text = clean(typed)
    return len(text) == LENGTH and text.startswith(PREFIX) and set(text) <= set(ALPHABET)


def candidates(keys: CodeKeys, typed: str) -> list[int]:
    """The row that the code may be about, one for each key it may have been derived with; none when it is no code."""
    if not is_receipt(typed):
        return []
    bits = 0
    for char in clean(typed)[len(PREFIX) :]:
        bits = bits << 5 | ALPHABET.index(char)
    masked, mac = bits >> MAC_BITS, bits & (1 << MAC_BITS) - 1
    return [masked ^ _mask(secret, mac) for secret in keys.secrets.values()]


def is_genuine(keys: CodeKeys, typed: str, first_id: int, digests: Sequence[str]) -> bool:
    """Whether one of this installation's keys gives exactly this code for these rows, as they stand now."""
    text = clean(typed).encode()
    codes = [_code(secret, first_id, digests).encode() for secret in keys.secrets.values()]
    return any(hmac.compare_digest(text, code) for code in codes)


def printed(code: str) -> str:
    """In groups, for reading aloud and typing: `SABT-7KQ4-…`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _code(secret: bytes, first_id: int, digests: Sequence[str]) -> str:
    message = b"ampera.receipt.1\0" + first_id.to_bytes(8, "big") + "".join(digests).encode()
    mac = int.from_bytes(hmac.digest(secret, message, "sha256"), "big") >> (256 - MAC_BITS)
    bits = (first_id ^ _mask(secret, mac)) << MAC_BITS | mac
    return PREFIX + "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (CHARS - 1), -1, -5))


def _mask(secret: bytes, mac: int) -> int:
    pad = hmac.digest(secret, b"ampera.receipt.id.1\0" + mac.to_bytes(MAC_BITS // 8, "big"), "sha256")
    return int.from_bytes(pad, "big") >> (256 - ID_BITS)
