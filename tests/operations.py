"""The operations of the OpenAPI document, each with a role that may use it and a body that fits its schema."""

import re
import uuid
from typing import Any

from tests import builders

ROLES = ("supervisor", "desk", "officer", "admin")


def clients(app: Any) -> dict[str, Any]:
    """A key of each role, and somebody of each role who has signed in: some operations are for people only."""
    people = {f"signed-in {role}": builders.signed_in(app, role) for role in ROLES}
    return {role: builders.with_key(app, role) for role in ROLES} | people


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
        choices = {"move": "leave", "act": "close", "key": str(uuid.uuid4()), "scan_id": str(uuid.uuid4())}
        return re.sub(r"\{(\w+)\}", lambda found: choices.get(found[1], value), self.path)

    def client(self, everybody: dict[str, Any]) -> Any:
        role = next((name for name in everybody if name in self.view.access), "admin")
        is_for_people = getattr(self.view, "is_for_people", False)
        return everybody[f"signed-in {role}" if is_for_people else role]

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


def is_clear(answer: Any) -> bool:
    """No server error; what is refused has a code and a sentence."""
    if answer.status_code < 400:
        return True
    error = (answer.get_json(silent=True) or {}).get("error") or {}
    return answer.status_code < 500 and bool(error.get("code")) and bool(error.get("message"))
