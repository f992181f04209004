"""`ampera`: one entry point, a Flask CLI. Each slice brings its own commands; the kernel has init, doctor and audit."""

import sys

import click
from flask.cli import FlaskGroup, with_appcontext

from ampera.serving.cli import run
from ampera.settings import SettingsError


def _app():
    from ampera import create_app

    try:
        return create_app()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


@click.group(cls=FlaskGroup, create_app=_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """Si Ampera Bertanjak: drive-thru passport collection."""


main.add_command(run)


@main.command()
@with_appcontext
def init() -> None:
    """Make the database, or bring it to this version; outside production also make the secrets that are not set."""
    from ampera import db, migrate

    migrate.upgrade(db.current())
