"""The one-time code of a screen: six characters in two groups, short-lived, typed by an administrator once.

The code proves nothing: it only names one of the waiting screens. The screen collects its token with a secret of its
own, which nobody types.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta

from ampera.typed_text import typed

ALPHABET = "0123456789ABCDEFGHJKNPQRSTVXYZ"  # Crockford's without M and W: too wide for the largest letters
LENGTH = 6
LIVES = timedelta(minutes=10)
COLLECTED_WITHIN = timedelta(minutes=2)  # after the confirmation; a screen asks every two seconds
MOST = 200  # codes at once: strangers may open the page, but must not fill the table
MOST_OF_A_NETWORK = 20  # of them: more than the screens that one office sets up in ten minutes

_LOOK_ALIKES = str.maketrans("OIL", "011", "- \t")


def new_code(taken: Collection[str] = ()) -> str:
    """A code that no waiting screen shows."""
    while (code := "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))) in taken:
        pass
    return code


def shown(code: str) -> str:
    """The code as the screen shows it, like `K7R-4QX`."""
    return f"{code[:3]}-{code[3:]}"


def cleaned(text: str) -> str | None:
    """The typed text as a code; None when the text cannot be a code."""
    code = typed(text).upper().translate(_LOOK_ALIKES)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
