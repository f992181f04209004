"""Pickup codes, links and short codes. Codes and links are derived from a key, so a stolen database opens nothing.

A pickup code is `SAB` and 26 Crockford base32 characters (130 bits of HMAC-SHA256). This length fills a version 2 QR
in alphanumeric mode at level Q exactly. A short code ("booking code" on pages and in JSON) is typed by people: seven
random characters and a check character that detects typing errors.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Protocol

from ampera.typed_text import typed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "SAB"
DERIVED_CHARS = 26
CODE_LENGTH = len(PREFIX) + DERIVED_CHARS
SHORT_CODE_LENGTH = 8
NONCE_BYTES = 16
MAX_INPUT = 512

_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_LOOK_ALIKES = str.maketrans("OIL", "011")
# A reader may prefix the payload with its symbology (AIM: "]Q1") and the character set (ECI: "\000026").
_READER_PREFIX = re.compile(r"^(?:\](?:Q|C|D)[0-9])?(?:\\[0-9]{6})*", re.ASCII)
_SEPARATORS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2010-\u2015-]+")
_CODE = re.compile(f"{PREFIX}[{ALPHABET}]{{{DERIVED_CHARS}}}")
_SHORT_CODE = re.compile(f"[{ALPHABET}]{{{SHORT_CODE_LENGTH}}}")
_ABOUT_SHORT = re.compile(r"[0-9A-Z]{5,11}")
_BOOK_NUMBER = re.compile(r"[A-Z]{1,2}[0-9]{6,7}")
_LINK = re.compile(f"[{ALPHABET.lower()}]{{{DERIVED_CHARS}}}")


@dataclass(frozen=True)
class Code:
    """The content of a pickup's QR. The text is not part of `repr`, so no log line contains the code."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class ShortCode:
    """A short code without its hyphen. It finds a pickup and proves nothing."""

    text: str = field(repr=False)


class Generation(Protocol):
    """The inputs of a code and a link besides the key: one row of `pickup_codes`."""

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
    """The installation's keys by id, newest first. A key must stay while codes derived from it are in use."""

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
        """False when the generation's key was removed from the settings too early."""
        return of.key_id in self.secrets

    def code(self, of: Generation) -> str:
        """The content of the QR: 29 characters."""
        return PREFIX + self._derived(b"code", of)

    def link(self, of: Generation) -> str:
        """The last part of the URL of the applicant's page: 26 lower-case characters."""
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
    """The SHA-256 that the database keeps of a code or a link. 130 random bits need no salt."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_nonce() -> bytes:
    """Random bytes, so that codes of equal ids differ between installations and generations."""
    return secrets.token_bytes(NONCE_BYTES)


def new_short_code() -> str:
    """Seven random characters and their check character, without the hyphen."""
    bits = secrets.randbits(5 * (SHORT_CODE_LENGTH - 1))
    drawn = "".join(ALPHABET[bits >> shift & 31] for shift in range(0, 5 * (SHORT_CODE_LENGTH - 1), 5))
    return drawn + check_character(drawn)


def check_character(drawn: str) -> str:
    """The character that makes the weighted sum over GF(32) zero.

    The weights are different powers of x. Every single wrong character and every swap of two characters, adjacent or
    not, changes the sum: this is a Reed-Solomon code with one check symbol. The check character's weight is 1.
    """
    return ALPHABET[_weighted_sum(drawn)]


def printed(booking_code: str) -> str:
    """The code with its hyphen: `7KQ4-M2XR`."""
    half = SHORT_CODE_LENGTH // 2
    return f"{booking_code[:half]}-{booking_code[half:]}"


def clean(text: str) -> str:
    """The input without the noise of readers, keyboards and people; "" for more than MAX_INPUT characters."""
    if len(text) > MAX_INPUT:
        return ""
    payload = _READER_PREFIX.sub("", _SEPARATORS.sub("", typed(text)).upper())
    return payload.translate(_LOOK_ALIKES)


def recognise(text: str) -> Code | ShortCode | None:
    """A pickup code, a short code whose check character is right, or None for any other text."""
    payload = clean(text)
    if _CODE.fullmatch(payload):
        return Code(payload)
    if _SHORT_CODE.fullmatch(payload) and check_character(payload[:-1]) == payload[-1]:
        return ShortCode(payload)
    return None


def is_mistyped(text: str) -> bool:
    """Whether somebody tried to type a short code: about as many letters and digits, and no passport's number."""
    payload = clean(text)
    return _ABOUT_SHORT.fullmatch(payload) is not None and _BOOK_NUMBER.fullmatch(payload) is None


def is_link(text: str) -> bool:
    """Whether the text has the form of a link. Texts of another form are never looked up in the database."""
    return _LINK.fullmatch(text) is not None


def _weighted_sum(drawn: str) -> int:
    """Horner's scheme: the weight of the first character is x^7, of the last drawn character x^1."""
    total = 0
    for char in drawn:
        total = _times_x(total ^ _VALUE[char])
    return total


def _times_x(value: int) -> int:
    """Multiply by x in GF(32) with the primitive polynomial x^5 + x^2 + 1."""
    return (value << 1) ^ 0b100101 if value & 0b10000 else value << 1
