"""`ampera demo`: an invented office to try everything with, and what to open."""

import json
import sys
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import with_appcontext

from ampera import db, migrate
from ampera.demo import filling


@click.command()
@click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")
@with_appcontext
def demo(is_json: bool) -> None:
    """Fill an EMPTY database with an invented office, its staff, a screen and books in every state."""
    settings = current_app.extensions["ampera.settings"]
    if settings.is_production:
        raise click.ClickException("AMPERA_ENV is 'production': there nothing is invented.")
    migrate.upgrade(db.current())
    try:
        made = filling.fill()
    except filling.NotEmptyError:
        raise click.ClickException("This database already has an office; the demo only fills an empty one.") from None
    begin = settings.site()
    if is_json:
        click.echo(json.dumps({**asdict(made), "screen": _screen(begin, made)}))
    else:
        _print(begin, made)
    sys.stdout.flush()


def _print(begin: str, made: filling.Filled) -> None:
    click.echo(f"\nA demo office was made: {filling.NAME} ({made.office}). All people are invented.\n")
    click.echo("Sign in (passwords are shown only this once):")
    for account in made.accounts:
        click.echo(f"  {account['role']:<11} {account['login']:<15} {account['password']}")
    click.echo(
        f"\nOpen:\n  staff pages       {begin}/login"
        f"\n  lane tablet       {begin}/lane?lane=1"
        f"\n  screen (enrolled) {_screen(begin, made)}"
        f"\n  one applicant     {made.pickups[0].link}\n"
    )


def _screen(begin: str, made: filling.Filled) -> str:
    return f"{begin}/board/{made.office}#token={made.screen}"


commands = [demo]
