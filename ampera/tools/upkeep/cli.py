"""`ampera doctor`, `ampera database`."""

import json
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from ampera import db
from ampera.settings import described
from ampera.tools.upkeep import server_role_service
from ampera.tools.upkeep.doctor import examine
from ampera.tools.upkeep.outside_checks import examine_outside
from ampera.tools.upkeep.site_checks import examine_site
from ampera.web import addresses

as_json = click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")


def _address(_context: click.Context, _option: click.Parameter, url: str | None) -> str | None:
    try:
        if url:
            addresses.site(url)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return url.rstrip("/") if url else None


@click.command()
@click.option("--settings", "lists_settings", is_flag=True, help="List every setting with its value and meaning.")
@click.option("--url", callback=_address, help="Also try pages, forms and sockets at this address, as a browser does.")
@click.option(
    "--outside",
    "is_outside",
    is_flag=True,
    help="Also try AMPERA_PUBLIC_URL, its certificate, mail, Redis, directory.",
)
@as_json
@with_appcontext
def doctor(lists_settings: bool, url: str | None, is_outside: bool, is_json: bool) -> None:
    """Check the installation and say what to mend. Exits 1 when something is not well."""
    settings = current_app.extensions["ampera.settings"]
    if lists_settings:
        rows = described(settings)
        text = "\n".join(f"{row['name']} = {row['value']}\n    {row['help']}" for row in rows)
        click.echo(json.dumps(rows) if is_json else text)
        return
    findings = [*examine(settings), *(examine_site(url, not settings.redis_url) if url else ())]
    findings += examine_outside(settings) if is_outside else ()
    lines = [f"{'well' if finding.ok else 'MEND':<5} {finding.check:<16} {finding.text}" for finding in findings]
    rows = [{"check": finding.check, "ok": finding.ok, "says": finding.text} for finding in findings]
    click.echo(json.dumps(rows) if is_json else "\n".join(lines))
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@click.group()
def database() -> None:
    """The rights of the database's own roles."""


@database.command("server-role")
@click.argument("role")
@with_appcontext
def server_role(role: str) -> None:
    """Let the PostgreSQL role ROLE serve, and no more. Run it as the owner of the tables, after each upgrade."""
    if db.current().is_sqlite:
        raise click.ClickException("SQLite has no roles: the user of the server owns the file.")
    try:
        for statement in server_role_service.grant(db.current(), role):
            click.echo(f"{statement};")
    except server_role_service.NoSuchRole as problem:
        raise click.ClickException(str(problem)) from None


commands = [doctor, database]
