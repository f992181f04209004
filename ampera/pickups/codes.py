"""Pickup codes, links and booking codes. The first two are derived, so a stolen database opens nothing.

A code is `SAB` and 26 Crockford base32 characters (130 bits of HMAC-SHA256): exactly a version 2 QR in
alphanumeric mode at level Q. A booking code is typed by people: seven random characters and one that catches
a slip of the finger.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Protocol

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "SAB"
DERIVED_CHARS = 26
CODE_LENGTH = len(PREFIX) + DERIVED_CHARS
BOOKING_LENGTH = 8
NONCE_BYTES = 16
MAX_INPUT = 512

_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_LOOK_ALIKES = str.maketrans("OIL", "011")
# A reader may announce itself (AIM: "]Q1") and the character set (ECI: "\000026") in front of the payload.
_ANNOUNCED = re.compile(r"^(?:\](?:Q|C|D)[0-9])?(?:\\[0-9]{6})*", re.ASCII)
_SEPARATORS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff-]+")
_CODE = re.compile(f"{PREFIX}[{ALPHABET}]{{{DERIVED_CHARS}}}")
_BOOKING = re.compile(f"[{ALPHABET}]{{{BOOKING_LENGTH}}}")
_LINK = re.compile(f"[{ALPHABET.lower()}]{{{DERIVED_CHARS}}}")


@dataclass(frozen=True)
class Code:
    """The content of a pickup's QR. The text stays out of `repr`, so that no log line shows it."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Booking:
    """A booking code without its hyphen. It only finds a pickup; it proves nothing."""

    text: str = field(repr=False)


class Generation(Protocol):
    """What a code and a link are derived from, beside the key: one row of `pickup_codes`."""

    @property
    def pickup_id(self) -> int: ...
    @property
    def generation(self) -> int: ...
    @property
    def key_id(self) -> str: ...
    @property
    def nonce(self) -> bytes: ...


@dataclass(frozen=True)
class CodeKeys:
    """The installation's keys by id, newest first. Old ones stay as long as codes derived with them live."""

    secrets: dict[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "CodeKeys":
        """From `ID:HEX[,ID:HEX]`, the form of AMPERA_CODE_KEYS. Raises ValueError for any other form."""
        pairs = [part.strip().split(":") for part in text.split(",")]
        keys = {key_id: bytes.fromhex(secret) for key_id, secret in pairs}
        if len(keys) < len(pairs):
            raise ValueError("two code keys have the same id")
        return cls(keys)

    @property
    def newest_id(self) -> str:
        return next(iter(self.secrets))

    def can_derive(self, of: Generation) -> bool:
        """False when its key was taken out of the settings too early."""
        return of.key_id in self.secrets

    def code(self, of: Generation) -> str:
        """The QR's content, 29 characters."""
        return PREFIX + self._derived(b"code", of)

    def link(self, of: Generation) -> str:
        """The last part of the address of the applicant's page, 26 lower-case characters."""
        return self._derived(b"link", of).lower()

    def _derived(self, purpose: bytes, of: Generation) -> str:
        message = b"ampera.%b.1\0%b%b%b" % (
            purpose,
            of.nonce,
            of.pickup_id.to_bytes(8, "big"),
            of.generation.to_bytes(4, "big"),
        )
        digest = hmac.digest(self.secrets[of.key_id], message, "sha256")
        bits = int.from_bytes(digest, "big") >> (256 - 5 * DERIVED_CHARS)
        return "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (DERIVED_CHARS - 1), -1, -5))


def fingerprint(text: str) -> str:
    """What the database keeps of a code or a link (130 random bits need no salt)."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def new_booking_code() -> str:
    """Seven random characters and their check character, without the hyphen."""
    bits = secrets.randbits(5 * (BOOKING_LENGTH - 1))
    drawn = "".join(ALPHABET[bits >> shift & 31] for shift in range(0, 5 * (BOOKING_LENGTH - 1), 5))
    return drawn + check_character(drawn)


def check_character(drawn: str) -> str:
    """The character that makes the weighted sum over GF(32) zero.

    The weights are different powers of x, so every single wrong character and every two swapped ones, not
    only neighbours, change the sum: a Reed-Solomon code with one check symbol. The check's own weight is 1.
    """
    return ALPHABET[_weighted_sum(drawn)]


def printed(booking_code: str) -> str:
    """As people read it: `7KQ4-M2XR`."""
    half = BOOKING_LENGTH // 2
    return f"{booking_code[:half]}-{booking_code[half:]}"


def clean(text: str) -> str:
    """The input without what readers, keyboards and people add; "" when it is too long to be looked at."""
    if len(text) > MAX_INPUT:
        return ""
    payload = _ANNOUNCED.sub("", _SEPARATORS.sub("", text).upper())
    return payload.translate(_LOOK_ALIKES)


def recognise(text: str) -> Code | Booking | None:
    """A pickup code, a booking code whose check character fits, or None when it is neither."""
    payload = clean(text)
    if _CODE.fullmatch(payload):
        return Code(payload)
    if _BOOKING.fullmatch(payload) and check_character(payload[:-1]) == payload[-1]:
        return Booking(payload)
    return None


def is_link(text: str) -> bool:
    """Whether this can be the last part of a page's address at all; nothing else is looked up."""
    return _LINK.fullmatch(text) is not None


def _weighted_sum(drawn: str) -> int:
    """Horner's scheme: the first character weighs x^7, the last drawn one x^1."""
    total = 0
    for char in drawn:
        total = _times_x(total ^ _VALUE[char])
    return total


def _times_x(value: int) -> int:
    """Multiply by x in GF(32) with the primitive polynomial x^5 + x^2 + 1."""
    return (value << 1) ^ 0b100101 if value & 0b10000 else value << 1
