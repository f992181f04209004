"""`ampera doctor` and `ampera backup create|verify|restore`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from ampera import clock, db
from ampera.installation import private_files
from ampera.settings import described
from ampera.tools.upkeep import backup_service
from ampera.tools.upkeep.doctor import examine
from ampera.tools.upkeep.site_checks import examine_site
from ampera.web import addresses

as_json = click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")
FILE = click.Path(dir_okay=False, path_type=Path)


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
@as_json
@with_appcontext
def doctor(lists_settings: bool, url: str | None, is_json: bool) -> None:
    """Check the installation and say what to mend. Exits 1 when something is not well."""
    settings = current_app.extensions["ampera.settings"]
    if lists_settings:
        rows = described(settings)
        text = "\n".join(f"{row['name']} = {row['value']}\n    {row['help']}" for row in rows)
        click.echo(json.dumps(rows) if is_json else text)
        return
    findings = [*examine(settings), *(examine_site(url) if url else ())]
    lines = [f"{'well' if finding.ok else 'MEND':<5} {finding.check:<16} {finding.text}" for finding in findings]
    rows = [{"check": finding.check, "ok": finding.ok, "says": finding.text} for finding in findings]
    click.echo(json.dumps(rows) if is_json else "\n".join(lines))
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@click.group()
def backup() -> None:
    """Save the database, prove a backup, bring one back."""


@backup.command()
@click.option("--out", type=FILE, help="Default: ampera-DATE.zip in the instance folder's `backups`.")
@as_json
@with_appcontext
def create(out: Path | None, is_json: bool) -> None:
    """Write a backup while the server works, and prove it. Exits 1 when its history is broken."""
    folder = current_app.extensions["ampera.settings"].instance / "backups"
    out = out or private_files.make_folder(folder) / f"ampera-{clock.now():%Y%m%d-%H%M%S}.zip"
    with _errors_as_text():
        manifest = backup_service.create(db.current(), out)
        proved = manifest.get("audit") or backup_service.proved(db.current())
    if is_json:
        click.echo(json.dumps({"file": str(out), **manifest, "audit": proved}))
    elif proved is None:
        click.echo(f"Backup written: {out}. Its history is of an older version and was not proved.")
    elif proved["ok"]:
        click.echo(f"Backup written and proved: {out}")
    else:
        click.echo(f"Backup written: {out}. Its HISTORY IS BROKEN at {proved['first_bad']}: {proved['reason']}.")
    sys.exit(0 if proved is None or proved["ok"] else 1)


@backup.command()
@click.argument("file", type=FILE)
@as_json
@with_appcontext
def verify(file: Path, is_json: bool) -> None:
    """Prove that FILE can be restored and that its history is whole."""
    with _errors_as_text():
        manifest = backup_service.verify(file)
    is_whole = manifest.get("audit", {}).get("ok", True)
    click.echo(
        json.dumps(manifest) if is_json else f"{'Good' if is_whole else 'BROKEN HISTORY'}, made {manifest['made_at']}."
    )
    sys.exit(0 if is_whole else 1)


@backup.command()
@click.argument("file", type=FILE)
@click.confirmation_option("--yes", prompt="This replaces the present database. Go on?")
@with_appcontext
def restore(file: Path) -> None:
    """Replace the present database by FILE. Stop the server first."""
    db.current().dispose()
    with _errors_as_text():
        kept = backup_service.restore(db.current(), file)
    click.echo(f"Restored. The database that was there is kept as {kept}." if kept else "Restored.")


@contextmanager
def _errors_as_text() -> Iterator[None]:
    """Print a BackupError as a sentence and exit with 1."""
    try:
        yield
    except backup_service.BackupError as error:
        raise click.ClickException(str(error)) from None


commands = [doctor, backup]
