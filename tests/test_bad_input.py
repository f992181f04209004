"""Whatever is sent to a JSON endpoint: a clear error in the one shape, never a 5xx, nothing half done.

The endpoints and their bodies come from the OpenAPI document, so a new one is tried as soon as it exists.
"""

from typing import Any

import pytest
from sqlalchemy import func, select

from ampera import db
from ampera.migrate import all_tables
from ampera.web.limits import limiter
from tests.conftest import on_both
from tests.nasty import ids_and_links
from tests.operations import clients, is_clear, operations

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
    """A client of each kind and role."""
    monkeypatch.setattr(limiter, "enabled", False)
    return clients(app)


@pytest.fixture
def documented(app) -> dict[str, Any]:
    return app.test_client().get("/api/v1/openapi.json").get_json()


def everything() -> dict[str, int]:
    """How many rows each table has."""
    with db.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) for name, table in all_tables().tables.items()
        }


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
def test_ids_and_names_in_paths_that_nobody_gave_out(app, everybody, documented, some):
    for operation in operations(documented, app):
        if "{" in operation.path:
            for nasty in some(ids_and_links()):
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
