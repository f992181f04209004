"""Whatever value stands in a JSON body, in any of its places: a clear error in the one shape, never a 5xx.

The endpoints and their bodies come from the OpenAPI document, so a new one is tried as soon as it exists.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from ampera import db
from ampera.web.limits import limiter
from tests.conftest import on_both
from tests.nasty import FOR_DATABASES, NASTY_TEXTS, NASTY_VALUES
from tests.operations import clients, is_clear, operations


@pytest.fixture
def everybody(app, monkeypatch) -> dict[str, Any]:
    """A client of each kind and role."""
    monkeypatch.setattr(limiter, "enabled", False)
    return clients(app)


@pytest.fixture
def documented(app) -> dict[str, Any]:
    return app.test_client().get("/api/v1/openapi.json").get_json()


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value, from the whole to the leaves."""
    yield at
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*at, key))


def changed(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    """A copy with another value in one place."""
    if not at:
        return new
    whole = copy.deepcopy(value)
    inner = whole
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = new
    return whole


@on_both
def test_values_of_other_kinds_in_every_place(app, everybody, documented, some, share):
    is_sqlite = db.current().is_sqlite
    values = (*NASTY_TEXTS, *NASTY_VALUES) if is_sqlite else FOR_DATABASES
    tried = 0
    for operation in operations(documented, app):
        if operation.schema is None:
            continue
        client, path, fitting = operation.client(everybody), operation.filled("1"), operation.fitting()
        for place in places(fitting):
            for nasty in some(values):
                raw = json.dumps(changed(fitting, place, nasty))
                answer = client.open(path, method=operation.method.upper(), data=raw, content_type="application/json")
                assert is_clear(answer), (
                    operation.method,
                    operation.path,
                    place,
                    repr(nasty)[:60],
                    answer.status_code,
                    answer.text,
                )
                tried += 1
    assert tried > (1000 if is_sqlite else 500) // share


def test_unknown_fields_are_refused_by_name(app, everybody, documented):
    for operation in operations(documented, app):
        if operation.schema is None:
            continue
        fitting = operation.fitting()
        for place in (place for place in places(fitting) if isinstance(_at(fitting, place), dict)):
            body = changed(fitting, place, {**_at(fitting, place), "warna": "biru"})
            answer = operation.client(everybody).open(operation.filled("1"), method=operation.method.upper(), json=body)
            assert answer.status_code == 422, (operation.method, operation.path, place, answer.status_code)
            assert any(name.endswith("warna") for name in answer.get_json()["error"]["fields"]), answer.get_json()


def _at(value: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        value = value[key]
    return value
