"""Pages are as patient as the JSON: whatever stands in an address or its query, never a 5xx and never a traceback."""

from typing import Any

import pytest

from ampera.web.limits import limiter
from tests.conftest import on_both
from tests.nasty import fields, ids_and_links
from tests.page_visitors import ROLES, filled, pages, visitor

QUERY = (
    "q", "rack", "by", "page", "since", "until", "lane", "officer", "collector", "state", "next", "size", "scale",
    "lang", "days", "search",
)  # fmt: skip

pytestmark = on_both


@pytest.fixture
def visitors(sign_in, monkeypatch) -> dict[str, Any]:
    monkeypatch.setattr(limiter, "enabled", False)
    return {role: sign_in(role) for role in ROLES}


def test_addresses_that_nobody_gave_out(app, visitors, some):
    for rule, method in [*pages(app, True), *pages(app, False)]:
        for nasty in some(ids_and_links()) if "<" in rule.rule else ():
            answer = visitor(rule, visitors).open(filled(rule, nasty), method=method, buffered=True)
            assert answer.status_code < 500, (method, rule.rule, nasty[:40], answer.status_code)


def test_queries_that_make_no_sense(app, visitors, some):
    for rule, _ in pages(app, True):
        for nasty in some(fields()):
            answer = visitor(rule, visitors).get(filled(rule), query_string=dict.fromkeys(QUERY, nasty), buffered=True)
            assert answer.status_code < 500, (rule.rule, nasty[:40], answer.status_code)
