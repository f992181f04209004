"""The page that says which fields each role reads and writes, from the description of the API and the access table."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from flask import Flask

from tests.docs.markdown import code, page, table
from tests.docs.reference import METHODS, who

REF = "#/components/schemas/"


def fields(app: Flask) -> str:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    schemas = document["components"]["schemas"]
    read, written = defaultdict(set), defaultdict(set)
    for path, operations in document["paths"].items():
        for method in set(METHODS) & set(operations):
            roles = set(who(app, path, method).split(", "))
            answers = [answer for status, answer in operations[method]["responses"].items() if status.startswith("2")]
            for name in objects(schemas, answers):
                read[name] |= roles
            for name in objects(schemas, operations[method].get("requestBody", {})):
                written[name] |= roles
    rows = [(code(name), _names(schemas[name]), *_roles(name, read, written)) for name in sorted({*read, *written})]
    return page(
        "Fields and roles",
        "Which fields each role may read and write. A row is an object of the JSON API with all its fields: a caller "
        "that receives an object receives these and no others, and a body with another field is refused. Pages show "
        "what the role of their reader may read here; [the map](../architecture/page-map.md) has the roles of pages.",
        "Office and state decide further: everybody reads and writes what is of the own office; what the state "
        "of a book or of a visit forbids is in [errors](errors.md).",
        "While a book waits, no role reads its NIK, birth date, whole number or old document: they are typed from what "
        "the collector shows, and the server only says whether they match. Identity fields of a book change with a "
        "second person. A key has its role, and no more than its scopes.",
        table(("object", "fields", "read by", "written by"), rows),
    )


def objects(schemas: dict[str, Any], part: Any) -> set[str]:
    """The names of all objects that this part of the document leads to."""
    found: set[str] = set()
    waiting = list(_references(part))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(schemas[name])
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if str(part.get("$ref", "")).startswith(REF):
            yield part["$ref"].removeprefix(REF)
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _names(schema: dict[str, Any]) -> str:
    return ", ".join(code(name) for name in sorted(schema.get("properties", {})))


def _roles(name: str, *tables: dict[str, set[str]]) -> list[str]:
    return ["everybody" if "everybody" in roles else ", ".join(sorted(roles)) for roles in (by[name] for by in tables)]
