"""What the QR of a badge holds: a random value of 130 bits, and nothing about a person. It is no pickup code."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "LBP"
CHARS = 26
_VALUE = re.compile(f"{PREFIX}[{ALPHABET}]{{{CHARS}}}")
MAX_READ = 80  # characters of a reader, with its prefix


def new_value() -> str:
    return PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(CHARS))


def read_value(read: str) -> str | None:
    """The value in what a reader has sent, perhaps behind a prefix of the reader; None when there is none."""
    found = _VALUE.search(read[:MAX_READ].upper())
    return found[0] if found else None
