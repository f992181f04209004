"""The OpenAPI document describes every answer of every operation, and the check of the answers finds what differs."""

import gzip
import json

import pytest

from ampera.api import PREFIX, api
from ampera.web.limits import limiter
from tests.contract import Contract, operation_of

ERROR = {"$ref": "#/components/schemas/Error"}


@pytest.fixture
def contract(app):
    return Contract(json.loads(json.dumps(api.spec.to_dict())))


@pytest.fixture
def views(app):
    """Method and path of each operation -> its view."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX) and "openapi" not in rule.rule]
    return {
        (method.lower(), operation_of(rule)): app.view_functions[rule.endpoint]
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_every_operation_is_in_the_document(contract, views):
    assert {(method, path) for method, path, _ in contract.operations()} == set(views)


def test_document_is_made_once_for_all_who_ask(app, client, monkeypatch):
    first = client.get(f"{PREFIX}/openapi.json", headers={"Accept-Encoding": "gzip"})
    monkeypatch.setattr(api.spec, "to_dict", lambda: pytest.fail("the document was made again"))
    again = client.get(f"{PREFIX}/openapi.json")
    assert json.loads(gzip.decompress(first.data)) == again.get_json() and len(first.data) < len(again.data) / 5


def test_every_operation_has_a_success_schema(contract):
    lacking = [
        (method, path, status)
        for method, path, operation in contract.operations()
        for status, answer in operation["responses"].items()
        if status.startswith("2") and status != "204" and not _has_schema(answer)
    ]
    without = [
        (method, path)
        for method, path, operation in contract.operations()
        if not any(status.startswith("2") for status in operation["responses"])
    ]
    assert not lacking + without


def test_every_refusal_has_the_error_schema_and_codes(contract):
    for method, path, operation in contract.operations():
        for status, answer in operation["responses"].items():
            if status >= "400":
                parts = answer["content"]["application/json"]["schema"]["allOf"]
                codes = parts[1]["properties"]["error"]["properties"]["code"]["enum"]
                assert parts[0] == ERROR and codes, (method, path, status)


def test_refusals_that_follow_from_role_path_and_body_are_listed(contract, views):
    for method, path, operation in contract.operations():
        view, listed = views[method, path], set(operation["responses"])
        wanted = {"400", "401", "503"}
        wanted |= {"404"} if "{" in path else set()
        wanted |= {"403"} if {"supervisor"} & set(view.access) and "display" not in view.access else set()
        wanted |= {"413", "422"} if "requestBody" in operation else set()
        wanted |= {"429"} if _is_limited(view) else set()
        assert wanted <= listed, (method, path, wanted - listed)
        assert "default" not in listed, (method, path)


def test_every_operation_has_a_short_summary(contract):
    for method, path, operation in contract.operations():
        summary = operation.get("summary", "")
        assert summary.endswith(".") and len(summary) <= 72, (method, path, summary)


def test_every_property_has_a_type(contract):
    named = contract.document["components"]["schemas"]
    for name, schema in named.items():
        for field, typed in schema.get("properties", {}).items():
            is_echo = typed.get("description", "").startswith("As it was sent")
            assert is_echo or {"type", "$ref", "anyOf", "allOf", "oneOf"} & set(typed), (name, field)


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (200, {"rack": "A", "counts": {}, "rows": []}, "counts"),
        (200, {"counts": {}, "rows": []}, "rack"),
        (422, {"error": {"code": "never_heard_of", "message": "?"}}, "error.code"),
        (422, {"error": {"code": "invalid", "message": "?", "more": 1}}, "error"),
        (418, {}, "not documented"),
    ],
)
def test_an_answer_that_differs_from_the_document_is_found(contract, status, body, problem):
    path = "/api/v1/shelves/checks"
    found = contract.problem("post", path, status, "application/json", json.dumps(body).encode())
    assert found is not None and problem in found


def test_an_undocumented_key_fails_the_request_of_a_test(app, api, monkeypatch):
    from ampera.board import desk_queries

    state = desk_queries.desk_state
    monkeypatch.setattr(desk_queries, "desk_state", lambda *given: state(*given) | {"holder": "Contoh"})
    with pytest.raises(AssertionError, match="holder"):
        api("desk").get("/api/v1/desk/state")


def _has_schema(answer):
    contents = answer.get("content", {})
    return contents and all(content.get("schema") for content in contents.values())


def _is_limited(view):
    name = f"{view.__module__}.{view.__name__}"
    return bool(limiter.limit_manager.decorated_limits(name))
