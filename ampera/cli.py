"""`ampera`: one entry point, a Flask CLI. Each slice brings its own commands, in the list `commands` of its cli.py."""

import sys
from importlib import import_module

import click
from flask.cli import FlaskGroup

from ampera.serving.cli import run
from ampera.settings import SettingsError

# command -> the slice whose cli.py has it in its list `commands`
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
    """Loads a slice only when one of its commands is asked for, so that `ampera run` comes up at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return super().get_command(ctx, name)
        commands = import_module(f"ampera.{COMMANDS[name]}.cli").commands
        return next(command for command in commands if command.name == name)


def _app():
    from ampera import create_app

    try:
        return create_app()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


@click.group(cls=Commands, create_app=_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """Si Ampera Bertanjak: drive-thru passport collection."""


main.add_command(run)
