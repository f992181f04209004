"""All commands as one Flask CLI. Each slice has its own in the list `commands` of its cli.py."""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from flask import Flask
from flask.cli import FlaskGroup

from ampera.cli.settings import DEFAULT, NAMES_INSTALLATION, OPTION, in_use
from ampera.installation import private_files
from ampera.serving.cli import run
from ampera.settings import Settings, SettingsError, load, release

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

# command -> the package whose cli.py has it in its list `commands`
COMMANDS = {
    "attention": "attention",
    "audit": "tools.auditing",
    "backup": "tools.backups",
    "bench": "tools.bench",
    "database": "tools.upkeep",
    "demo": "tools.demo",
    "doctor": "tools.upkeep",
    "init": "offices",
    "user": "accounts",
    "device": "accounts",
    "key": "accounts",
    "keys": "tools.rotation",
    "import": "passports",
    "sample": "tools.demo",
    "simulate": "tools.simulate",
    "office": "offices",
    "pickup": "pickups.code_keys",
    "privacy": "reports.persons",
    "retention": "retention",
}
MAKERS = ("init", "demo")  # these make the database, and with it the secrets that are not set
FOREIGN = ("limiter", "openapi")  # tools of libraries for developers; they work, but are no commands of the product


class Commands(FlaskGroup):
    """Loads a package only for one of its commands, so that a command starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS} - {*FOREIGN})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return super().get_command(ctx, name)
        found = import_module(f"ampera.{COMMANDS[name]}.cli").commands
        return next(command for command in found if command.name == name)

    def invoke(self, ctx: click.Context) -> Any:
        """A database that is missing, foreign or out of reach is a sentence, not a traceback."""
        from sqlalchemy.exc import DBAPIError

        from ampera.migrate import CannotUpgrade

        try:
            return super().invoke(ctx)
        except CannotUpgrade as error:
            raise click.ClickException(str(error)) from None
        except DBAPIError as error:
            raise click.ClickException(_database_trouble(error)) from None


def _app() -> Flask:
    from ampera import create_app

    try:
        app = create_app(_settings())
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    _name_database(app)
    return app


def _settings() -> Settings:
    """Secrets are kept with the database that they belong to. A question, a check or a help text writes none."""
    read = load(make_secrets=False)
    if trouble := private_files.closed_to_us(read.instance / "any"):
        raise SettingsError(trouble)
    context = click.get_current_context(silent=True)
    command = context.find_root().invoked_subcommand if context else None
    has_database = read.database_file is None or os.path.exists(read.database_file)
    is_change = command not in ("doctor", None) and has_database
    return load() if command in MAKERS or is_change else read


def _name_database(app: Flask) -> None:
    """Where the environment names no installation the operator must see which one a command means."""
    shown = app.extensions["ampera.db"].url.render_as_string()  # without the password
    if in_use:
        click.echo(f"Settings: {in_use[0]}. Database: {shown}", err=True)
    elif not NAMES_INSTALLATION & os.environ.keys():
        click.echo(f"Database: {shown} (no {DEFAULT}, AMPERA_INSTANCE or AMPERA_DATABASE_URL)", err=True)


def _database_trouble(error: "DBAPIError") -> str:
    """What to do; the text of the driver may quote a row, so only its type is shown."""
    file = load(make_secrets=False).database_file
    if file is not None and (trouble := private_files.closed_to_us(file)):
        return trouble
    if file is not None and not file.exists():
        return f"There is no database at {file}. Set AMPERA_INSTANCE or AMPERA_DATABASE_URL, or run: ampera init"
    kind = type(error.orig).__name__
    return f"The database cannot be used ({kind}). 'ampera doctor' says what is wrong with it."


@click.group(cls=Commands, create_app=_app, add_default_commands=False, add_version_option=False)
def commands() -> None:
    """Si Ampera Bertanjak: drive-thru passport collection."""


# Flask's own options name another application, a debug mode and a file that needs a package: none is the product's.
commands.params = [option for option in commands.params if option.name not in ("app", "debug", "env_file")]
# Read before any command (`ampera.cli.settings`); declared for the help.
HELP = f"The settings, instead of those in {DEFAULT}."
commands.params.append(click.Option([OPTION], metavar="FILE", expose_value=False, help=HELP))
click.version_option(release(), prog_name="ampera")(commands)
commands.add_command(run)
