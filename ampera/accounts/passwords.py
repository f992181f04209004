"""Passwords as argon2id hashes (RFC 9106, about 26 ms each), and random passwords that can be read aloud."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when a login does not exist, so that both answers take the same time. Its password was random and is
# lost. It is written down because computing a hash costs a start 40 ms.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$iL8e9LtEMeTDi28Gz7UxRg$bR7+iHk93PIXqWt0DRSnY+4uRyw/4XDCrsHkb/QJxro"


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
