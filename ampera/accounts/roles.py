"""The four roles of an office's staff."""

ROLES = ("admin", "supervisor", "desk", "officer")
_RANKS = {"admin": 2, "supervisor": 1, "desk": 0, "officer": 0}


def may_hold(owner: str, role: str) -> bool:
    """Whether a key of an account with the role `owner` may have this `role`: its own or one below, never another."""
    return role == owner or _RANKS.get(owner, -1) > _RANKS.get(role, 9)
