"""What an ID token says about a person, and which right the groups give. Plain decisions without a database."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ampera.accounts.directory.refusals import DirectoryRefusal
from ampera.accounts.directory.tokens import is_identifier
from ampera.accounts.roles import ROLES
from ampera.installation.group_roles import GroupRole
from ampera.typed_text import is_visible_line

MAX_NAME = 80
MAX_LOGIN = 34  # a number may follow
NAMELESS = "direktori"  # the login of a person whose name there cannot be one here


class Right(NamedTuple):
    """A role in an office."""

    role: str
    office_id: int


@dataclass(frozen=True)
class Person:
    """Somebody whom the directory has signed in. `rights` are those of the groups, each with an office's code or ""."""

    issuer: str
    subject: str
    login: str
    name: str
    rights: tuple[GroupRole, ...]
    has_factor: bool
    sid: str | None


def person_of(
    claims: Mapping[str, Any], groups_claim: str, rules: Iterable[GroupRole], factors: Collection[str]
) -> Person:
    """The person of a proved ID token."""
    login = _login(claims.get("preferred_username"))
    groups = _texts(claims.get(groups_claim))
    methods = _texts(claims.get("amr")) | _texts(claims.get("acr"))
    return Person(
        issuer=claims["iss"],
        subject=claims["sub"],
        login=login,
        name=_name(claims.get("name")) or login,
        rights=tuple(rule for rule in rules if rule.group in groups),
        has_factor=not methods.isdisjoint(factors),
        sid=claims["sid"] if is_identifier(claims.get("sid")) else None,
    )


def right_of(rights: Iterable[GroupRole], offices: Mapping[str, int]) -> Right | DirectoryRefusal:
    """The highest role within the only office. `offices` are the ids by their codes.

    A rule without a code is about the only office. A rule about no office of this installation gives nothing.
    """
    only = next(iter(offices.values())) if len(offices) == 1 else None
    found = {(only if rule.office == "" else offices.get(rule.office), rule.role) for rule in rights}
    roles = {(office, role) for office, role in found if office is not None}
    if not roles:
        return DirectoryRefusal.NO_RIGHT
    if len({office for office, _ in roles}) > 1:
        return DirectoryRefusal.SEVERAL_OFFICES
    office_id = next(office for office, _ in roles)
    return Right(min((role for _, role in roles), key=ROLES.index), office_id)


def _login(text: Any) -> str:
    """A login that is like the person's name in the directory, without the part of a mail address."""
    name = text.lower().partition("@")[0] if isinstance(text, str) else ""
    return re.sub(r"[^a-z0-9._-]+", "-", name).lstrip("._-")[:MAX_LOGIN] or NAMELESS


def _name(text: Any) -> str:
    name = " ".join(text.split())[:MAX_NAME] if isinstance(text, str) else ""
    return name if is_visible_line(name) else ""


def _texts(value: Any) -> set[str]:
    """The texts of a claim that is one text or a list."""
    values = value if isinstance(value, list) else [value]
    return {text for text in values if isinstance(text, str) and text}
