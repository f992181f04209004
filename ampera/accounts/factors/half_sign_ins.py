"""A sign-in between the right password and the second factor: a few facts in the signed cookie, which open nothing."""

import hashlib
from datetime import timedelta
from typing import Any, NamedTuple

from ampera import clock

LIVES = timedelta(minutes=5)


class HalfSignIn(NamedTuple):
    """Whose password was right, where the person wants to go, and the session that this browser had before."""

    staff_id: int
    target: str
    replaced: int | None


def begun(staff_id: int, password_hash: str, target: str, replaced: int | None) -> list[Any]:
    """What the cookie keeps."""
    return [staff_id, _tag(password_hash), int(clock.now().timestamp()), target, replaced]


def read(kept: Any) -> HalfSignIn | None:
    """The half sign-in of a cookie; None when there is none, or it is too old."""
    if not isinstance(kept, list) or len(kept) != 5:
        return None
    staff_id, _, at, target, replaced = kept
    is_young = 0 <= clock.now().timestamp() - at <= LIVES.total_seconds()
    return HalfSignIn(staff_id, target, replaced) if is_young else None


def has_password(kept: Any, password_hash: str) -> bool:
    """Whether the account still has the password that was right."""
    return bool(kept[1] == _tag(password_hash))


def _tag(password_hash: str) -> str:
    return hashlib.sha256(f"half\x1f{password_hash}".encode()).hexdigest()[:16]
