"""Passwords as argon2id hashes (RFC 9106, sized so that one costs about 26 ms), and random ones to read aloud."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when a login does not exist, so that both answers take the same time.
NOBODY = _hasher.hash(secrets.token_hex(16))


def hashed(password: str) -> str:
    return _hasher.hash(password)


def matches(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def random_password() -> str:
    """About 79 bits in four groups, without letters that look alike."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def is_weak(password: str, login: str) -> bool:
    """Too short, one repeated pattern, or the login itself."""
    return len(password) < MIN_LENGTH or len(set(password)) < 5 or login.lower() in password.lower()
