"""The one-time code of a screen: six characters in two groups, short-lived, typed by an administrator once.

It proves nothing by itself: it only tells which of the screens that wait is meant. What collects the display's right
is the screen's own secret, which nobody types.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta

ALPHABET = "0123456789ABCDEFGHJKNPQRSTVXYZ"  # Crockford's without M and W: too wide for the largest letters
LENGTH = 6
LIVES = timedelta(minutes=10)
COLLECTED_WITHIN = timedelta(minutes=2)  # after the confirmation; a screen asks every two seconds
MOST = 50  # codes that may live at once: strangers open pages, but cannot fill the table

_LOOK_ALIKES = str.maketrans("OIL", "011", "- \t")


def new_code(taken: Collection[str] = ()) -> str:
    """A code that none of the living screens shows."""
    while (code := "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))) in taken:
        pass
    return code


def shown(code: str) -> str:
    """`K7R-4QX`, as the screen writes it."""
    return f"{code[:3]}-{code[3:]}"


def cleaned(typed: str) -> str | None:
    """What was typed as a code; None when it cannot be one."""
    code = typed.strip().upper().translate(_LOOK_ALIKES)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
