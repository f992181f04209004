"""Schemathesis makes requests that fit the OpenAPI document and judges answers (`test_bad_values` makes the others)."""

import time
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ampera.web.limits import limiter
from tests import builders

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def document(app, monkeypatch):
    """The app's own document, asked for as a supervisor, who may use most of it."""
    monkeypatch.setattr(limiter, "enabled", False)
    app.key = builders.key("supervisor")
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def test_generated_requests_get_documented_answers(app, document, request):
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > 30
    headers = {"Authorization": f"Bearer {app.key}", "Accept-Encoding": "identity"}
    tried, began = Counter(), time.monotonic()
    for operation in operations:
        _try(operation, request.config.getoption("examples"), headers, tried)
    cases = sum(tried.values())
    print(f"{cases} cases for {len(operations)} operations, {cases / (time.monotonic() - began):.0f} a second")


def _try(operation, examples, headers, tried):
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(case=operation.as_strategy())
    def each(case):
        tried[operation.label] += 1
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    each()
