"""Somebody of each role who visits the pages, and all addresses of pages, filled with whatever a test wants."""

import re
from typing import Any

from tests.access.table import TABLE
from tests.access.world import SAFE, rules

ROLES = ("supervisor", "desk", "officer", "admin")


def visitor(rule: Any, visitors: dict[str, Any]) -> Any:
    return visitors[next(role for role in ROLES if role in TABLE[rule.endpoint].who)]


def pages(app: Any, is_safe: bool) -> list[tuple[Any, str]]:
    ours = [
        pair for pair in rules(app) if not pair[0].rule.startswith("/api/") and pair[0].endpoint != "accounts.logout"
    ]
    return [(rule, method) for rule, method in ours if (method in SAFE) == is_safe]


def filled(rule: Any, value: str = "1") -> str:
    return re.sub(r"<(?:any\(([\w-]+).*?\):)?(?:\w+:)?(\w+)>", lambda found: found[1] or value, rule.rule)
