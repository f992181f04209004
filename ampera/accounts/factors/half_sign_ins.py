"""A sign-in between the right password and the second factor: a few facts in the signed cookie, which open nothing."""

import hashlib
from datetime import timedelta
from typing import Any, NamedTuple

from ampera import clock

LIVES = timedelta(minutes=5)


class HalfSignIn(NamedTuple):
    """Whose password was right, where the person wants to go, and the session that this browser had before.

    `directory_sid` is of a directory that has signed the person in instead of a password.
    """

    staff_id: int
    target: str
    replaced: int | None = None
    directory_sid: str | None = None


def begun(half: HalfSignIn, password_hash: str) -> list[Any]:
    """What the cookie keeps."""
    at = int(clock.now().timestamp())
    return [half.staff_id, _tag(password_hash), at, half.target, half.replaced, half.directory_sid]


def read(kept: Any) -> HalfSignIn | None:
    """The half sign-in of a cookie; None when there is none, or it is too old."""
    if not isinstance(kept, list) or len(kept) != 6:
        return None
    staff_id, _, at, target, replaced, sid = kept
    is_young = 0 <= clock.now().timestamp() - at <= LIVES.total_seconds()
    return HalfSignIn(staff_id, target, replaced, sid) if is_young else None


def has_password(kept: Any, password_hash: str) -> bool:
    """Whether the account still has the password that was right."""
    return bool(kept[1] == _tag(password_hash))


def _tag(password_hash: str) -> str:
    return hashlib.sha256(f"half\x1f{password_hash}".encode()).hexdigest()[:32]  # 128 bits
