"""Passwords as argon2id hashes (RFC 9106, about 26 ms each), and random passwords that can be read aloud."""

import re
import secrets
from pathlib import Path

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ampera.accounts.refusals import AccountRefusal
from ampera.installation import leaked_passwords

MIN_LENGTH = 15  # characters, as long as there is no second factor (OWASP ASVS 5.0, 6.2.1)
MIN_WITH_FACTOR = 8  # characters beside a second factor
MOST = 200  # characters; a longer one is refused, never cut
MOST_JUDGED = 72  # characters that the strength is estimated from: its time grows with the square
LEAST_REST = 6  # different characters beside the words of the account and of this place
LEAST_SCORE = 3  # of zxcvbn, 0 to 4: more than a hundred million guesses
RANDOM_GROUPS = 7  # of four characters
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
# Words that everybody here would try, which lists of the world do not rank.
LOCAL_WORDS = (
    "ampera", "bertanjak", "siampera", "imigrasi", "immigration", "paspor", "passport", "kantor", "kanim", "petugas",
    "penyelia", "administrator", "supervisor", "officer", "loket", "jalur", "antrean", "palembang", "jakabaring",
    "sriwijaya", "sumatera", "indonesia", "merdeka", "pancasila", "bismillah", "alhamdulillah", "rahasia", "sandi",
    "katasandi", "kata", "masuk", "sayang", "selamat", "terimakasih", "garuda", "nusantara", "jakarta", "pempek",
)  # fmt: skip

log: structlog.stdlib.BoundLogger = structlog.get_logger()
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when a login does not exist, so that both answers take the same time. Its password was random and is
# lost. It is written down because computing a hash costs a start 40 ms.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$iL8e9LtEMeTDi28Gz7UxRg$bR7+iHk93PIXqWt0DRSnY+4uRyw/4XDCrsHkb/QJxro"


def hashed(password: str) -> str:
    return _hasher.hash(password)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash has weaker parameters than new ones get."""
    return _hasher.check_needs_rehash(password_hash)


def matches(password: str, password_hash: str) -> bool:
    """Whether it is this password. One that is too long is none, and takes as long to say."""
    try:
        return _hasher.verify(password_hash, password[:MOST]) and len(password) <= MOST
    except (VerificationError, InvalidHashError):
        return False


def random_password(groups: int = RANDOM_GROUPS) -> str:
    """Groups of four characters without letters that look alike: about 138 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(groups))


def is_weak(password: str, login: str) -> bool:
    """Too short, or easy to guess."""
    return why_weak(password, login) is not None


def least_length(has_factor: bool) -> int:
    return MIN_WITH_FACTOR if has_factor else MIN_LENGTH


def why_weak(password: str, *context: str, has_factor: bool = False, leaked_file: str = "") -> AccountRefusal | None:
    """Why this password is refused. `context` is what belongs to the account: login, name, office.

    Known passwords and words are in a list of the library zxcvbn, leaked ones in a file of the installation where it
    has one; nothing leaves the machine.
    """
    if len(password) > MOST:
        return AccountRefusal.PASSWORD_LONG
    if len(password) < least_length(has_factor):
        return AccountRefusal.PASSWORD_VERY_SHORT if has_factor else AccountRefusal.PASSWORD_SHORT
    words = {word.lower() for text in context for word in (text, *re.split(r"[^\w]+", text)) if len(word) > 2}
    words |= set(LOCAL_WORDS)
    if len(set(_without(password.lower(), words))) < LEAST_REST:
        return AccountRefusal.PASSWORD_WEAK
    from zxcvbn import zxcvbn  # its lists take a quarter of a second to load

    judged = zxcvbn(password[:MOST_JUDGED], user_inputs=sorted(words))
    if judged["score"] < LEAST_SCORE:
        return AccountRefusal.PASSWORD_WEAK
    return AccountRefusal.PASSWORD_LEAKED if leaked_file and _has_leaked(password, leaked_file) else None


def _has_leaked(password: str, file: str) -> bool:
    """A file that is gone keeps nobody from a new password; the doctor reports it."""
    try:
        return leaked_passwords.has(Path(file), password)
    except OSError as error:
        log.error("the leaked passwords cannot be read", kind=type(error).__name__)
        return False


def _without(password: str, words: set[str]) -> str:
    """What is left of the password without these words, the longest first."""
    for word in sorted(words, key=len, reverse=True):
        password = password.replace(word, "")
    return password
