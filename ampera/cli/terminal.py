"""What commands share: the option for JSON, refusals as errors, output as lines or JSON."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

from ampera.errors import Refused, message

T = TypeVar("T")


def as_json(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")(command)


def done(result: T | Refused) -> T:
    """The result of a service; a refusal ends the command with its sentence."""
    if isinstance(result, Refused):
        raise click.ClickException(message(result.code, result.status))
    return result


def print_facts(is_json: bool, **facts: object) -> None:
    known = {name: value for name, value in facts.items() if value is not None}
    click.echo(json.dumps(known) if is_json else "\n".join(f"{name:9} {value}" for name, value in known.items()))


def print_rows(is_json: bool, name: str, rows: list[dict[str, Any]]) -> None:
    if is_json:
        click.echo(json.dumps({name: rows}))
    for row in rows if not is_json else ():
        click.echo("  ".join(f"{key}={value}" for key, value in row.items() if value not in (None, "")))
