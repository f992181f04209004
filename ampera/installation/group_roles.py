"""Which group of a directory has which role here: the setting AMPERA_OIDC_ROLES."""

from functools import lru_cache
from typing import NamedTuple

ROLES = ("admin", "supervisor", "desk", "officer")
RULE = "must be GROUP=role[@OFFICE_CODE][,…] with the roles admin, supervisor, desk and officer."


class GroupRole(NamedTuple):
    """People of `group` have this `role` in the office with this code; "" is the only office of the installation."""

    group: str
    role: str
    office: str


@lru_cache
def group_roles(text: str) -> tuple[GroupRole, ...]:
    """The parts of the setting, in its order. Raises ValueError."""
    return tuple(_group_role(part.strip()) for part in text.split(",")) if text else ()


def _group_role(part: str) -> GroupRole:
    group, _, right = part.rpartition("=")
    role, at, office = right.partition("@")
    if not group.strip() or role not in ROLES or (at and not office) or not part.isprintable():
        raise ValueError(RULE)
    return GroupRole(group.strip(), role, office)
