"""Which roles of an office may search for people and take files of the register. Supervisors always may."""

from datetime import date, timedelta
from typing import Any

from ampera.offices.options.defaults import GIVEN_TO, option

SEARCH, EXPORT = "search_roles", "export_roles"


def is_given(options: dict[str, Any], right: str, role: str) -> bool:
    """Whether this role has the right. Only roles of `GIVEN_TO` can be without it."""
    return role not in GIVEN_TO or role in option(options, right)


def is_near(options: dict[str, Any], role: str, since: date, today: date) -> bool:
    """Whether this role may see the register as far back as `since`. A record is found by its number all the same."""
    most = option(options, "register_days")
    return role not in GIVEN_TO or most is None or since > today - timedelta(days=int(most))
