"""The twelve verdicts of a scan, with their tone and the next act of the officer. Pure decisions.

The order of checks is fixed: verdicts that stop a vehicle (collected, revoked) come before verdicts that let it go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# verdict -> (tone, next act of the officer)
VERDICTS = {
    "ok": ("go", "serve"),
    "repeat": ("go", "serve"),
    "open_elsewhere": ("wait", "rescan"),
    "collected": ("stop", "inside"),
    "revoked": ("stop", "rescan"),
    "cancelled": ("stop", "inside"),
    "held": ("wait", "inside"),
    "overdue": ("wait", "supervisor"),
    "wrong_office": ("stop", "rescan"),
    "closed": ("wait", "rescan"),
    "unknown": ("stop", "rescan"),
    "malformed": ("stop", "rescan"),
}
LETS_IN = ("ok", "repeat")
# A pickup with several books gets the mildest verdict of its books.
MILDEST_FIRST = ("ok", "overdue", "held", "cancelled", "collected")


@dataclass(frozen=True)
class Known:
    """What is known about a recognised code when it is judged."""

    code_state: str
    book_statuses: Sequence[str]
    is_locked: bool  # every book that could be handed over today is locked
    is_own_office: bool
    is_open_now: bool
    is_serving_elsewhere: bool = False
    has_visit: bool = False
    is_repeat: bool = False


def next_act(act: str, facts: Mapping[str, Any]) -> str:
    """The next act of a verdict. A claim whose officer has gone (`idle_s`) may be taken over, and a
    supervisor may unlock books that nothing but a lock keeps back (`locked`).
    """
    if "idle_s" in facts:
        return "serve"
    return "supervisor" if "locked" in facts else act


def book_status(state: str, is_overdue: bool) -> str:
    """The verdict on one book: ok, overdue, held, cancelled or collected."""
    if state == "ready":
        return "overdue" if is_overdue else "ok"
    return state


def locked_status(status: str, is_locked: bool) -> str:
    """The same verdict when the book may be locked: a locked book needs a check before anything else."""
    return "held" if is_locked and status == "ok" else status


def judge(known: Known) -> str:
    """The verdict of a recognised code."""
    best = min(known.book_statuses, key=MILDEST_FIRST.index, default="cancelled")
    if best == "collected":
        return "collected"
    if known.code_state != "current":
        return "revoked"
    if known.has_visit and known.is_serving_elsewhere:
        return "open_elsewhere"
    if best != "ok":
        return best
    if known.is_locked:
        return "held"
    if not known.is_own_office:
        return "wrong_office"
    if known.has_visit:
        return "repeat" if known.is_repeat else "ok"
    return "ok" if known.is_open_now else "closed"
