"""Pages are as patient as the JSON: whatever stands in a form, never a 5xx and never a traceback."""

from typing import Any

import pytest

from ampera.web.limits import limiter
from tests.conftest import on_both
from tests.nasty import fields
from tests.page_visitors import ROLES, filled, pages, visitor

FIELDS = (
    "login", "name", "role", "password", "next", "reason", "shelf", "phone", "email", "minutes", "until", "message",
    "numbers", "passport_id", "act", "rack", "subject", "body",
    "number", "kind", "hours", "day", "title", "value", "lane", "token", "car", "motorcycle",
    "born", "code", "place", "speaks", "volume", "site", "windows", "quota", "from", "to",
)  # fmt: skip
SLOW = ("accounts_admin.create", "accounts_admin.reset")  # each makes a password: once with nonsense is enough

pytestmark = on_both


@pytest.fixture
def visitors(sign_in, monkeypatch) -> dict[str, Any]:
    monkeypatch.setattr(limiter, "enabled", False)
    return {role: sign_in(role) for role in ROLES}


def test_forms_that_make_no_sense(app, visitors, some):
    for rule, _ in pages(app, False):
        for nasty in fields()[:1] if rule.endpoint in SLOW else some(fields()):
            answer = visitor(rule, visitors).post(filled(rule), data=dict.fromkeys(FIELDS, nasty), buffered=True)
            assert answer.status_code < 500, (rule.rule, nasty[:40], answer.status_code)
            assert not (answer.location or "").startswith(("//", "http://evil", "/\\")), (rule.rule, nasty)
