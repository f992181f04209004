"""Under which keys a password that is typed is counted, and when a key rests."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

MISSES_BEFORE_LOCK = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
FORGOTTEN = timedelta(days=1)  # after the last miss
WINDOW = timedelta(minutes=10)
MOST_OF_ADDRESS = 300  # misses in a window: an office, or the customers of a mobile network, share one address
MOST_OF_DEVICE = 60  # misses in a window of one browser that somebody has signed in with


@dataclass(frozen=True)
class Tries:
    """The keys that one typed password counts for.

    `account` rests after a few misses. `place` is the address or the known browser that it comes from, which may miss
    `most` times in a window; None when only the account counts.
    """

    account: str
    place: str | None = None
    most: int = MOST_OF_ADDRESS


def lock(misses: int) -> timedelta | None:
    """How long a key rests after so many misses in a row: from the fifth on, each time twice as long."""
    over = misses - MISSES_BEFORE_LOCK
    return min(FIRST_LOCK * 2 ** min(over, 10), LONGEST_LOCK) if over >= 0 else None


def sealed(secret: str, kind: str, text: str) -> str:
    """A keyed hash: people type passwords into the field of the login, and an address is personal."""
    return (
        f"{kind}:" + hmac.new(f"tries\x1f{secret}".encode(), f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()
    )


def account_key(staff_id: int) -> str:
    return f"staff:{staff_id}"
