"""All commands as one Flask CLI. Each slice has its own in the list `commands` of its cli.py."""

import sys
from importlib import import_module

import click
from flask import Flask
from flask.cli import FlaskGroup

from ampera.serving.cli import run
from ampera.settings import SettingsError

# command -> the package whose cli.py has it in its list `commands`
COMMANDS = {
    "audit": "tools.auditing",
    "backup": "tools.upkeep",
    "bench": "tools.bench",
    "demo": "tools.demo",
    "doctor": "tools.upkeep",
    "init": "offices",
    "user": "accounts",
    "device": "accounts",
    "key": "accounts",
    "import": "passports",
    "sample": "tools.demo",
    "simulate": "tools.simulate",
    "office": "offices",
}


class Commands(FlaskGroup):
    """Loads a package only for one of its commands, so that a command starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return super().get_command(ctx, name)
        found = import_module(f"ampera.{COMMANDS[name]}.cli").commands
        return next(command for command in found if command.name == name)


def _app() -> Flask:
    from ampera import create_app

    try:
        return create_app()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


@click.group(cls=Commands, create_app=_app, add_default_commands=False, add_version_option=False)
def commands() -> None:
    """Si Ampera Bertanjak: drive-thru passport collection."""


commands.add_command(run)
