"""Checks answers of /api/v1 against the OpenAPI document, so that every request of the suite is a test of the document.

`watch(app)` puts the check in front of the app: a request whose answer the document does not describe fails in the test
that made it. The document allows answers to grow; here a key that it does not name is an error too.
"""

import functools
import gzip
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import jsonschema_rs
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from ampera.api import api

PREFIX = "/api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")
# Answers of the web server and of the router, which belong to no operation.
OUTSIDE = (405, 500)
_VARIABLE = re.compile(r"<(?:[^<>]*:)?(\w+)>")


class Contract:
    """The answers that a document describes, each with its compiled validator."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.components = {"schemas": {name: closed(schema) for name, schema in _schemas(document).items()}}
        self.compiled: dict[tuple[str, str, int], Any] = {}

    def operations(self) -> Iterable[tuple[str, str, dict[str, Any]]]:
        """Method, path and description of each operation."""
        for path, item in self.document["paths"].items():
            yield from ((method, path, item[method]) for method in METHODS if method in item)

    def problem(self, method: str, path: str, status: int, content_type: str, body: bytes) -> str | None:
        """What the answer of this operation has that the document does not describe, or the other way round."""
        documented = self.document["paths"][path][method]["responses"].get(str(status))
        if documented is None:
            return f"the status {status} is not documented: {body[:300]!r}"
        content = documented.get("content", {})
        if not content:
            return f"the document shows no body: {body[:300]!r}" if body else None
        if content_type not in content:
            return f"the content type {content_type} is not documented"
        if content_type != "application/json":
            return None
        answer, schema = json.loads(body), content[content_type]["schema"]
        if (method, path, status) not in self.compiled:
            whole = closed(schema) | {"components": self.components}
            self.compiled[method, path, status] = jsonschema_rs.validator_for(whole, validate_formats=True)
        if error := next(self.compiled[method, path, status].iter_errors(answer), None):
            return f"{'.'.join(map(str, error.instance_path))}: {error.message}"
        if status >= 400 and (unknown := set(answer["error"]) - self._error_keys(schema)):
            return f"error: {', '.join(sorted(unknown))} not documented"
        return None

    def _error_keys(self, schema: dict[str, Any]) -> set[str]:
        """The keys of `error` in this answer: the common ones, and those that its operation adds."""
        references = [part["properties"]["error"].get("$ref", "") for part in schema["allOf"][1:]]
        added = {reference.rpartition("/")[2] for reference in references if reference}
        return {key for name in {"ErrorDetail", *added} for key in self.components["schemas"][name]["properties"]}


def watch(app: Flask) -> Flask:
    """The app that was just built, whose answers under /api/v1 are checked from now on."""
    app.wsgi_app = functools.partial(_checked, app, app.wsgi_app)  # type: ignore[method-assign]
    return app


def closed(schema: Any) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema: `nullable` becomes a second type, objects take no further keys."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: closed(part) for name, part in schema.items() if name != "nullable"}
    if "required" in plain and "properties" in plain:
        plain.setdefault("additionalProperties", False)
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


@functools.cache
def contract() -> Contract:
    """The document of the app that was built last; that of every app is the same."""
    return Contract(json.loads(json.dumps(api.spec.to_dict())))


def _checked(app: Flask, inner: Callable[..., Any], environ: dict[str, Any], start_response: Any) -> Any:
    found: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        found[:] = [int(status.split()[0]), {name.lower(): value for name, value in headers}]
        return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

    parts = inner(environ, start)
    operation = _operation(app, environ)
    if operation is None or found[0] in OUTSIDE:
        return parts
    body = b"".join(parts)
    getattr(parts, "close", lambda: None)()
    status, headers = found
    plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
    content_type = headers.get("content-type", "").partition(";")[0]
    problem = contract().problem(*operation, status, content_type, plain)
    assert problem is None, f"{operation[0].upper()} {operation[1]} -> {status}: {problem}"
    return [body]


def operation_of(rule: Rule) -> str:
    """The path of a route as the document writes it."""
    return _VARIABLE.sub(r"{\1}", rule.rule)


def _operation(app: Flask, environ: dict[str, Any]) -> tuple[str, str] | None:
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    if not path.startswith(PREFIX) or path.endswith("/openapi.json") or method.lower() not in METHODS:
        return None
    try:
        rule, _ = app.url_map.bind("").match(path, method, return_rule=True)
    except HTTPException:
        return None
    return method.lower(), operation_of(rule)


def _schemas(document: dict[str, Any]) -> dict[str, Any]:
    return document.get("components", {}).get("schemas", {})
