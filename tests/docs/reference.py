"""The pages below docs/reference: settings, options, commands and the API, read from the code."""

import json
from typing import Any

import click
from flask import Flask
from flask_babel import force_locale

from ampera import errors as error_codes
from ampera.cli import group
from ampera.offices.options.defaults import OPTIONS
from ampera.offices.options.validation import NUMBERS
from ampera.settings import PROJECT, described
from tests.access.table import TABLE
from tests.docs.markdown import anchor, code, page, table

BODIES, OBJECTS = "Request bodies", "Objects of the answers"
METHODS = ("get", "post", "put", "patch", "delete")


def settings(app: Flask) -> str:
    rows = [
        (code(row["name"]), code(row["default"].replace(f"{PROJECT}/", "")) or "–", row["help"])
        for row in described(app.extensions["ampera.settings"])
    ]
    return page(
        "Settings",
        "Environment variables of one installation. `ampera doctor --settings` lists them with their present values. "
        "Names beginning with `AMPERA_` that are not in this table are refused at start, and so are weak secrets.",
        table(("name", "default", "what it does"), rows),
        "What an *office* may change is an [option](options.md).",
    )


def options(_app: Flask) -> str:
    rows = [(code(option.name), code(_json(option.default)), _bounds(option.name), option.help) for option in OPTIONS]
    return page(
        "Options of an office",
        "An administrator changes options at `/admin/options`, `/admin/calendar`, `/admin/office`, `/admin/documents` "
        "and `/admin/notices`, or with `ampera office set NAME VALUE`, where VALUE is JSON or plain text. "
        "A value outside the bounds is refused.",
        table(("name", "default", "bounds", "what it changes"), rows),
        "What an *installation* needs is a [setting](settings.md).",
    )


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else "…"


def _bounds(name: str) -> str:
    low, high = NUMBERS.get(name, (None, None))
    return "" if low is None else f"{low} to {high}"


def commands(_app: Flask) -> str:
    context = click.Context(group.commands, info_name="ampera")
    found = [(name, group.commands.get_command(context, name)) for name in sorted({*group.COMMANDS, "run"})]
    parts = [part for name, command in found if command for part in _command(f"ampera {name}", command)]
    return page(
        "Commands",
        "The program is `.venv/bin/ampera`. Commands read the same [settings](settings.md) as the server. "
        "`--json` prints data for scripts; `--help` explains each command.",
        *parts,
    )


def _command(path: str, command: click.Command) -> list[str]:
    if isinstance(command, click.Group):
        inner = [part for name, child in sorted(command.commands.items()) for part in _command(f"{path} {name}", child)]
        return [f"## {path}", _sentence(command), *inner]
    level = "##" if path.count(" ") == 1 else "###"
    usage = " ".join([path, *(part.make_metavar(click.Context(command)) for part in _arguments(command))])
    parts = [f"{level} {path}", _sentence(command)]
    if _arguments(command):
        parts.append(f"`{usage}`" if len(usage) < 120 else f"`{path} NAME VALUE`")
    rows = [_option(part) for part in command.params if isinstance(part, click.Option)]
    return [*parts, table(("option", "what it does"), rows)] if rows else parts


def _arguments(command: click.Command) -> list[click.Argument]:
    return [part for part in command.params if isinstance(part, click.Argument)]


def _sentence(command: click.Command) -> str:
    return " ".join((command.help or "").split())


def _option(option: click.Option) -> tuple[str, str]:
    names = "/".join(option.opts + option.secondary_opts)
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(group.commands))}"
    default = option.to_info_dict()["default"]
    is_shown = option.show_default and default not in (None, "", False)
    facts = [option.help or "", "Required." if option.required else "", f"Default: {default}." if is_shown else ""]
    return code(names + value), " ".join(filter(None, facts))


def api(app: Flask) -> str:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    headings = ("operation", "what it does", "body", "answer", "refusals", "who")
    parts = []
    for tag in document["tags"]:
        rows = [row for path in document["paths"] for row in _operations(app, document, tag["name"], path)]
        parts += [f"## {tag['description'].rstrip('.')}", table(headings, rows)]
    schemas = document["components"]["schemas"]
    bodies = sorted(name for name in schemas if name.endswith("Body"))
    objects = sorted(set(schemas) - set(bodies) - {"PaginationMetadata"})
    return page(
        "API",
        "The JSON API lies below `/api/v1`. This page is an overview; the server's `/api/v1/openapi.json` is the full "
        "description for people and programs. Start with the [guide for integrators](../guide/integrator.md).",
        "*Who* names the roles that may call an operation, with a session or with an API key of that role. "
        "The codes of refusals are in [errors](errors.md).",
        *parts,
        f"## {BODIES}",
        "Required fields are in bold. Unknown fields are refused.",
        table(("body", "fields"), [(code(name), _fields(schemas[name])) for name in bodies]),
        f"## {OBJECTS}",
        "Answers may get more fields.",
        table(("object", "fields"), [(code(name), _fields(schemas[name])) for name in objects]),
    )


def errors(app: Flask) -> str:
    with app.test_request_context(), force_locale("en"):
        rows = [(code(name), error_codes.sentence(name) or "") for name in sorted(error_codes._registered)]
    return page(
        "Errors",
        'Every error has one shape: `{"error": {"code", "message", "fields"?}}`. `code` is for programs, `message` for '
        "people in the language of the request, `fields` names the places of the problems.",
        "A code never changes its meaning. The sentences may change.",
        table(("code", "sentence in English"), rows),
    )


def _operations(app: Flask, document: dict[str, Any], tag: str, path: str) -> list[tuple[str, ...]]:
    """The rows of one path that belong to the tag."""
    methods = {method: document["paths"][path][method] for method in METHODS if method in document["paths"][path]}
    return [
        (
            code(f"{method.upper()} {path.removeprefix('/api/v1')}"),
            operation.get("summary", ""),
            _schemas(operation.get("requestBody", {}), BODIES),
            _success(operation),
            ", ".join(sorted(status for status in operation["responses"] if status >= "3" and status.isdigit())),
            who(app, path, method),
        )
        for method, operation in methods.items()
        if tag in operation["tags"]
    ]


def _success(operation: dict[str, Any]) -> str:
    """Status and object of the successful answers."""
    answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    return ", ".join(f"{status} {_schemas(answer, OBJECTS)}".strip() for status, answer in sorted(answers.items()))


def _schemas(part: dict[str, Any], section: str) -> str:
    """Links to the named schemas of a body or an answer."""
    references = [content.get("schema", {}).get("$ref", "") for content in part.get("content", {}).values()]
    names = [reference.rpartition("/")[2] for reference in references if reference]
    return ", ".join(f"[{name}](#{anchor(section)})" for name in names)


def _fields(schema: dict[str, Any]) -> str:
    required = schema.get("required", [])
    names = [f"**`{name}`**" if name in required else f"`{name}`" for name in sorted(schema.get("properties", {}))]
    return ", ".join(names)


def who(app: Flask, path: str, method: str) -> str:
    for rule in app.url_map.iter_rules():
        written = "".join(f"{{{part}}}" if is_dynamic else part for is_dynamic, part in rule._trace).lstrip("|")
        if written == path and method.upper() in (rule.methods or ()):
            return who_may(rule.endpoint)
    raise LookupError(f"no rule for {method} {path}")


def who_may(endpoint: str) -> str:
    """The callers that may use an endpoint, from the access table of the tests."""
    callers = TABLE[endpoint].who
    if "stranger" in callers:
        return "everybody"
    return ", ".join("screen" if caller == "display" else caller for caller in callers)
