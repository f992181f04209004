"""`ampera demo` fills an empty database with an invented office; `ampera sample` writes a file of invented books."""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from ampera import clock, db, migrate
from ampera.passports.imports.sheets import MAX_ROWS
from ampera.tools.demo import samples, service


@click.command()
@click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")
@with_appcontext
def demo(is_json: bool) -> None:
    """Fill an EMPTY database with an invented office, its staff, a screen and books in every state."""
    settings = current_app.extensions["ampera.settings"]
    if settings.is_production:
        raise click.ClickException("AMPERA_ENV is 'production': production has no demo.")
    migrate.upgrade(db.current())
    try:
        made = service.fill()
    except service.NotEmptyError:
        raise click.ClickException("This database already has an office; the demo only fills an empty one.") from None
    begin = settings.site()
    if is_json:
        click.echo(json.dumps({**asdict(made), "screen": _screen(begin, made)}))
    else:
        _print(begin, made)
    sys.stdout.flush()


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rows", "count", default=100, show_default=True, type=click.IntRange(1, MAX_ROWS))
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same books.")
@click.option(
    "--mess",
    "is_messy",
    is_flag=True,
    help="Write cells as people and Excel do: other formats and order.",
)
@click.option("--bad", default=0, show_default=True, help="The number of rows that must be refused.")
@click.option("--encoding", default="utf-8-sig", show_default=True, help="Of a CSV: utf-8, utf-8-sig, cp1252, utf-16.")
@click.option("--delimiter", default=";", show_default=True, help="Of a CSV.")
@click.option("--english", "is_english", is_flag=True, help="English headings.")
def sample(file: Path, count: int, seed: int, **written: object) -> None:
    """Write FILE (.csv or .xlsx) with invented books, to try the import with."""
    style = samples.Style(**written)  # type: ignore[arg-type]
    style = replace(style, bad=min(style.bad, count))
    made = samples.sample(file.suffix.lstrip(".").lower(), count, seed, clock.today(), style)
    file.write_bytes(made.content)
    click.echo(f"{count} rows of invented people in {file}, {len(made.bad)} of them wrong.", err=True)


def _print(begin: str, made: service.Filled) -> None:
    click.echo(f"\nA demo office was made: {service.NAME} ({made.office}). All people are invented.\n")
    click.echo("Sign in (passwords are shown only this once):")
    for account in made.accounts:
        click.echo(f"  {account['role']:<11} {account['login']:<15} {account['password']}")
    click.echo(
        f"\nOpen:\n  staff pages       {begin}/login"
        f"\n  lane tablet       {begin}/lane?lane=1"
        f"\n  screen (enrolled) {_screen(begin, made)}"
        f"\n  one applicant     {made.example.link}\n"
    )
    click.echo(
        f"The first handover: {made.example.holder_name}, booking code {made.example.booking_code}, comes with"
        f"\n  the card          NIK {made.example.nik}"
        f"\n  the passport      {made.example.passport_no}\n"
    )


def _screen(begin: str, made: service.Filled) -> str:
    return f"{begin}/board/{made.office}#token={made.screen}"


commands = [demo, sample]
