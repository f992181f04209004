"""Which numbers may be a PIN, and how long one lives."""

import re
from datetime import timedelta
from itertools import pairwise

LENGTH = 6
LIVES = timedelta(hours=14)  # one shift; as long as a session at most
MOST_MISSES = 5  # then only a full sign-in helps
LEAST_DIFFERENT = 3  # digits


def is_pin(typed: str) -> bool:
    return re.fullmatch(rf"[0-9]{{{LENGTH}}}", typed) is not None


def is_easy(pin: str) -> bool:
    """Few different digits, or a row of them up or down: what somebody tries first."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(set(pin)) < LEAST_DIFFERENT or steps in ({1}, {9}) or pin[:3] == pin[3:]
