"""The receipt that a collector keeps, and its check code. Only this installation can verify the code.

The code is `SABT` and 24 Crockford base32 characters, which fit a version 2 QR like a pickup code: 40 bits find the
first row, and 80 bits are an HMAC-SHA256 over the digests of all rows. A mask that is derived from the MAC (a keyed
pad, different for every receipt) hides the row's id, so that two codes do not show which receipt is older.
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
LAST_DIGITS = 3  # fewer than the four that prove a book at the window
GROUP = 4


@dataclass(frozen=True)
class Item:
    """One book on a receipt: its number in the register, and just enough of the book to recognize it."""

    handover_id: int
    number: int
    first_name: str
    kind: str
    last_digits: str
    is_void: bool


@dataclass(frozen=True)
class Receipt:
    """The books of one pickup that one collector received at once. `code` is the check code."""

    at: datetime
    lane: int
    classes: tuple[str, ...]  # in which the collector took them
    items: tuple[Item, ...]
    code: str = field(repr=False)

    @property
    def is_void(self) -> bool:
        """Whether all records of the receipt are voided."""
        return all(item.is_void for item in self.items)


def check_code(keys: CodeKeys, first_id: int, digests: Sequence[str]) -> str:
    """The code of the receipt whose rows have these digests (`handovers.digest`), derived with the newest key."""
    return _code(keys.secrets[keys.newest_id], first_id, digests)


def is_receipt(typed: str) -> bool:
    """Whether the text has the form of a check code. Separators and lower case are accepted."""
    text = clean(typed)
    return len(text) == LENGTH and text.startswith(PREFIX) and set(text) <= set(ALPHABET)


def candidates(keys: CodeKeys, typed: str) -> list[int]:
    """The ids of the first row under each key of the installation; empty when the text is no check code."""
    if not is_receipt(typed):
        return []
    bits = 0
    for char in clean(typed)[len(PREFIX) :]:
        bits = bits << 5 | ALPHABET.index(char)
    masked, mac = bits >> MAC_BITS, bits & (1 << MAC_BITS) - 1
    return [masked ^ _mask(secret, mac) for secret in keys.secrets.values()]


def is_genuine(keys: CodeKeys, typed: str, first_id: int, digests: Sequence[str]) -> bool:
    """Whether one of this installation's keys gives exactly this code for these rows, as they are now."""
    text = clean(typed).encode()
    codes = [_code(secret, first_id, digests).encode() for secret in keys.secrets.values()]
    return any(hmac.compare_digest(text, code) for code in codes)


def printed(code: str) -> str:
    """The code in groups, for reading aloud and typing: `SABT-7KQ4-…`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _code(secret: bytes, first_id: int, digests: Sequence[str]) -> str:
    message = b"ampera.receipt.1\0" + first_id.to_bytes(8, "big") + "".join(digests).encode()
    mac = int.from_bytes(hmac.digest(secret, message, "sha256"), "big") >> (256 - MAC_BITS)
    bits = (first_id ^ _mask(secret, mac)) << MAC_BITS | mac
    return PREFIX + "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (CHARS - 1), -1, -5))


def _mask(secret: bytes, mac: int) -> int:
    pad = hmac.digest(secret, b"ampera.receipt.id.1\0" + mac.to_bytes(MAC_BITS // 8, "big"), "sha256")
    return int.from_bytes(pad, "big") >> (256 - ID_BITS)
