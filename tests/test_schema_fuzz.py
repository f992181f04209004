"""Schemathesis makes requests that fit the OpenAPI document (`test_bad_input` those that do not): one error shape."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from ampera.web.limits import limiter
from tests import builders


@pytest.fixture
def document(app, monkeypatch):
    """The app's own document, asked for as a supervisor, who may use most of it."""
    monkeypatch.setattr(limiter, "enabled", False)
    app.key = builders.key("supervisor")
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def test_requests_made_from_the_document(app, document, request):
    told = [found.ok() for found in document.get_all_operations()]
    assert len(told) > 20
    headers = {"Authorization": f"Bearer {app.key}", "Accept-Encoding": "identity"}
    for operation in told:
        _try(operation, request.config.getoption("examples"), headers)


def _try(operation, examples, headers):
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(case=operation.as_strategy())
    def each(case):
        answer = case.call(headers=headers)
        if answer.status_code >= 400:
            error = answer.json().get("error") or {}
            assert answer.status_code < 500 and error.get("code") and error.get("message"), answer.text

    each()
