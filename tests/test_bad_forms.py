"""Pages are as patient as the JSON: whatever stands in an address or a form, never a 5xx and never a traceback."""

import re
from typing import Any

import pytest

from ampera.web.limits import limiter
from tests.access.table import TABLE
from tests.access.world import SAFE, rules
from tests.conftest import on_both
from tests.nasty import fields, ids_and_links

ROLES = ("supervisor", "desk", "officer", "admin")
FIELDS = (
    "login", "name", "role", "password", "next", "reason", "shelf", "phone", "email", "minutes", "until", "message",
    "numbers", "passport_id", "act", "rack", "subject", "body",
    "number", "kind", "hours", "day", "title", "value", "lane", "token", "car", "motorcycle",
    "born", "code", "place", "speaks", "volume", "site", "windows", "quota", "from", "to",
)  # fmt: skip
QUERY = (
    "q",
    "rack",
    "by",
    "page",
    "since",
    "until",
    "lane",
    "officer",
    "collector",
    "state",
    "next",
    "size",
    "scale",
    "lang",
    "days",
)
SLOW = ("accounts_admin.create", "accounts_admin.reset")  # each makes a password: once with nonsense is enough

pytestmark = on_both


@pytest.fixture
def visitors(app, sign_in, monkeypatch) -> dict[str, Any]:
    monkeypatch.setattr(limiter, "enabled", False)
    return {role: sign_in(role) for role in ROLES}


def visitor(rule: Any, visitors: dict[str, Any]) -> Any:
    return visitors[next(role for role in ROLES if role in TABLE[rule.endpoint].who)]


def pages(app: Any, is_safe: bool) -> list[tuple[Any, str]]:
    ours = [
        pair for pair in rules(app) if not pair[0].rule.startswith("/api/") and pair[0].endpoint != "accounts.logout"
    ]
    return [(rule, method) for rule, method in ours if (method in SAFE) == is_safe]


def filled(rule: Any, value: str = "1") -> str:
    return re.sub(r"<(?:any\(([\w-]+).*?\):)?(?:\w+:)?(\w+)>", lambda found: found[1] or value, rule.rule)


def test_addresses_that_nobody_gave_out(app, visitors):
    for rule, method in [*pages(app, True), *pages(app, False)]:
        for nasty in ids_and_links() if "<" in rule.rule else ():
            answer = visitor(rule, visitors).open(filled(rule, nasty), method=method, buffered=True)
            assert answer.status_code < 500, (method, rule.rule, nasty[:40], answer.status_code)


def test_queries_that_make_no_sense(app, visitors):
    for rule, _ in pages(app, True):
        for nasty in fields():
            answer = visitor(rule, visitors).get(filled(rule), query_string=dict.fromkeys(QUERY, nasty), buffered=True)
            assert answer.status_code < 500, (rule.rule, nasty[:40], answer.status_code)


def test_forms_that_make_no_sense(app, visitors):
    for rule, _ in pages(app, False):
        for nasty in fields()[:1] if rule.endpoint in SLOW else fields():
            answer = visitor(rule, visitors).post(filled(rule), data=dict.fromkeys(FIELDS, nasty), buffered=True)
            assert answer.status_code < 500, (rule.rule, nasty[:40], answer.status_code)
            assert not (answer.location or "").startswith(("//", "http://evil", "/\\")), (rule.rule, nasty)
