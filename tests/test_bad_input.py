"""Whatever is sent to a JSON endpoint: a clear error in the one shape, never a 5xx, nothing half done.

The endpoints and their bodies come from the OpenAPI document, so a new one is tried as soon as it exists.
"""

import copy
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from ampera import db
from ampera.migrate import all_tables
from ampera.web.limits import limiter
from tests import builders
from tests.conftest import on_both
from tests.nasty import FOR_DATABASES, NASTY_TEXTS, NASTY_VALUES, ids_and_links

DEEP = 10_000
TOO_LARGE = 27 * 1024 * 1024
NASTY_BODIES = {
    "empty": b"",
    "not json": b"{",
    "invalid utf-8": b'{"scan_id": "\xff\xfe"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "nan": b"NaN",
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "a huge number": b'{"lane": ' + b"9" * 5000 + b"}",
    "the same name twice": b'{"lane": 1, "lane": 2}',
    "a list": b"[1]",
    "a text": b'"x"',
    "null": b"null",
}


@pytest.fixture
def everybody(app, monkeypatch) -> dict[str, Any]:
    """A key of each role."""
    monkeypatch.setattr(limiter, "enabled", False)
    return {role: builders.with_key(app, role) for role in ("supervisor", "desk", "officer", "admin")}


@pytest.fixture
def documented(app) -> dict[str, Any]:
    return app.test_client().get("/api/v1/openapi.json").get_json()


class Operation:
    """One documented operation, with a role that may use it and a body that fits its schema."""

    def __init__(self, document: dict[str, Any], path: str, method: str, app: Any) -> None:
        self.document, self.path, self.method = document, path, method
        self.description = document["paths"][path][method]
        adapter = app.url_map.bind("localhost")
        endpoint, _ = adapter.match(self.filled("1"), method=method.upper())
        self.view = app.view_functions[endpoint]

    def filled(self, value: str) -> str:
        """The path with this text in every place where a parameter stands."""
        choices = {"move": "leave", "act": "close", "key": str(uuid.uuid4())}
        return re.sub(r"\{(\w+)\}", lambda found: choices.get(found[1], value), self.path)

    def client(self, everybody: dict[str, Any]) -> Any:
        role = next((name for name in everybody if name in self.view.access), "admin")
        return everybody[role]

    @property
    def schema(self) -> dict[str, Any] | None:
        content = self.description.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")

    def fitting(self) -> Any:
        return self._example(self.schema)

    def _example(self, schema: dict[str, Any]) -> Any:
        if "$ref" in schema:
            return self._example(self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "allOf" in schema:
            return self._example(schema["allOf"][0])
        kind = schema.get("type", "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {name: self._example(inner) for name, inner in schema.get("properties", {}).items()}
        if kind == "array":
            return [self._example(schema["items"])]
        by_format = {"uuid": str(uuid.uuid4()), "date": "1990-01-02"}
        return {"integer": 1, "boolean": True, "number": 1}.get(kind) or (
            schema.get("enum") or [by_format.get(schema.get("format"), "uji")]
        )[0]


def operations(document: dict[str, Any], app: Any) -> list[Operation]:
    return [
        Operation(document, path, method, app)
        for path, item in document["paths"].items()
        for method in item
        if method in ("get", "post", "put", "delete")
    ]


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


def is_clear(answer: Any) -> bool:
    """No server error; what is refused has a code and a sentence."""
    if answer.status_code < 400:
        return True
    error = (answer.get_json(silent=True) or {}).get("error") or {}
    return answer.status_code < 500 and bool(error.get("code")) and bool(error.get("message"))


def everything() -> dict[str, int]:
    """How many rows each table has."""
    with db.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) for name, table in all_tables().tables.items()
        }


@on_both
def test_values_of_other_kinds_in_every_place(app, everybody, documented):
    is_sqlite = db.current().is_sqlite
    values = (*NASTY_TEXTS, *NASTY_VALUES) if is_sqlite else FOR_DATABASES
    tried = 0
    for operation in operations(documented, app):
        if operation.schema is None:
            continue
        client, path, fitting = operation.client(everybody), operation.filled("1"), operation.fitting()
        for place in places(fitting):
            for nasty in values:
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
    assert tried > (1000 if is_sqlite else 500)


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


@pytest.mark.parametrize("body", NASTY_BODIES)
def test_bodies_that_are_no_json_object(app, everybody, documented, body):
    before = everything()
    for operation in operations(documented, app):
        if operation.schema is not None:
            answer = operation.client(everybody).open(
                operation.filled("1"),
                method=operation.method.upper(),
                data=NASTY_BODIES[body],
                content_type="application/json",
            )
            assert is_clear(answer) and (
                answer.status_code >= 400 or not operation.description["requestBody"].get("required")
            ), (
                operation.path,
                answer.status_code,
                answer.text[:200],
            )
    assert {**everything(), "audit": 0, "audit_heads": 0} == {**before, "audit": 0, "audit_heads": 0}


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "application/json; charset=utf-16",
        "application/json; charset=nonsense",
    ],
)
def test_other_content_types(app, everybody, documented, kind):
    for operation in operations(documented, app):
        if operation.method != "get":
            answer = operation.client(everybody).open(
                operation.filled("1"), method=operation.method.upper(), data=b'{"lane": 1}', content_type=kind
            )
            assert is_clear(answer), (operation.path, answer.status_code, answer.text[:200])


def test_oversized_body_is_refused_before_reading(app, everybody, documented):
    for operation in operations(documented, app):
        if operation.method != "get":
            answer = operation.client(everybody).open(
                operation.filled("1"),
                method=operation.method.upper(),
                data=b" " * TOO_LARGE,
                content_type="application/json",
            )
            assert answer.status_code in (413, 422, 404, 200, 204) and is_clear(answer), (
                operation.path,
                answer.status_code,
            )
            if operation.schema is not None:
                assert answer.status_code == 413, (operation.path, answer.status_code)


@on_both
def test_ids_and_names_in_paths_that_nobody_gave_out(app, everybody, documented):
    for operation in operations(documented, app):
        if "{" in operation.path:
            for nasty in ids_and_links():
                body = {"json": operation.fitting()} if operation.schema is not None else {}
                answer = operation.client(everybody).open(
                    operation.filled(nasty), method=operation.method.upper(), **body
                )
                assert is_clear(answer), (operation.path, nasty[:40], answer.status_code, answer.text[:200])


@on_both
def test_queries_that_make_no_sense(app, everybody, documented):
    for operation in operations(documented, app):
        if operation.method == "get":
            for query in (
                "q=%00",
                "q=%ff",
                "q=" + "x" * 5000,
                "state=zzz",
                "q[]=1",
                "%00=1",
                "q=%25%5F",
                "lane=" + "9" * 5000,
            ):
                answer = operation.client(everybody).get(operation.filled("1") + "?" + query)
                assert is_clear(answer), (operation.path, query[:40], answer.status_code, answer.text[:200])
