"""`ampera backup create|verify|restore|drill|prune|schedule`."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from ampera import clock, db
from ampera.installation import private_files
from ampera.tools.backups import archive_service, encryption, service, timer_service
from ampera.tools.backups.archive_service import NAME, Keep, Manifest

FILE = click.Path(path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
with_identity = click.option(
    "--identity", type=FILE, help="The file with the secret key of an encrypted backup (AGE-SECRET-KEY-1…)."
)
as_json = click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")


def keeping(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which backups stay."""
    for name, default, text in (
        ("least", 7, "Always keep this many of the newest."),
        ("most", 60, "Keep at most this many."),
        ("days", 30, "Keep those of this many days."),
    ):
        command = click.option(f"--{name}", default=default, show_default=True, type=click.IntRange(1), help=text)(
            command
        )
    return command


@click.group()
def backup() -> None:
    """Save the database, prove a backup by restoring it, bring one back, practise that."""


@backup.command()
@click.option("--out", type=FILE, help="A file, or a folder that is there. Default: the instance folder's `backups`.")
@click.option("--no-proof", "is_unproved", is_flag=True, help="Only write it: `ampera backup verify` proves it later.")
@as_json
@with_appcontext
def create(out: Path | None, is_unproved: bool, is_json: bool) -> None:
    """Write a backup while the server works, and prove it. Exits 1 when it is not proved or its history is broken."""
    with _errors_as_text():
        recipients = db.current_settings().backup_recipients
        file = _target(out, recipients)
        try:
            with archive_service.encrypted(file, recipients) as plain:
                service.create(db.current(), plain)
                found: Manifest = {} if is_unproved else service.verify(db.current(), plain)
        except service.Unproved as error:
            raise click.ClickException(f"Backup written: {file}. {error}") from None
    if found and _is_whole(found):
        archive_service.note(_folder().parent, file, found["made_at"])
    if is_json:
        click.echo(json.dumps({"file": str(file), **found}))
    elif is_unproved:
        click.echo(f"Backup written: {file}. It is not proved yet: ampera backup verify {file}")
    elif _is_whole(found):
        click.echo(f"Backup written and proved: {file}. {_summary(found)}")
    else:
        click.echo(f"Backup written: {file}. {_summary(found)}")
    sys.exit(0 if is_unproved or _is_whole(found) else 1)


@backup.command()
@click.argument("file", type=FILE)
@with_identity
@as_json
@with_appcontext
def verify(file: Path, identity: Path | None, is_json: bool) -> None:
    """Restore FILE into a scratch database and prove it there: its rows, its history, the newest checkpoint."""
    with _errors_as_text():
        found = service.verify(db.current(), file, identity)
    word = "Good" if _is_whole(found) else "BROKEN"
    click.echo(json.dumps(found) if is_json else f"{word}, made {found['made_at']}. {_summary(found)}")
    sys.exit(0 if _is_whole(found) else 1)


@backup.command()
@click.argument("file", type=FILE)
@with_identity
@click.confirmation_option("--yes", prompt="This replaces the present database. Go on?")
@with_appcontext
def restore(file: Path, identity: Path | None) -> None:
    """Replace the present database by FILE. Stop the server first."""
    db.current().dispose()
    with _errors_as_text():
        kept = service.restore(db.current(), file, identity)
    click.echo(f"Restored. The database that was there is kept as {kept}." if kept else "Restored.")
    click.echo("Next: ampera init, which brings an older database to this version, then ampera doctor.")


@backup.command()
@click.argument("file", type=FILE, required=False)
@with_identity
@as_json
@with_appcontext
def drill(file: Path | None, identity: Path | None, is_json: bool) -> None:
    """Practise a restore of FILE, or of the newest backup, and change nothing. Exits 1 when it would not do.

    Checks the age of the backup, the proof of `verify`, and whether the keys of this installation show its codes.
    """
    with _errors_as_text():
        file = file or archive_service.newest(_folder())
        if file is None:
            raise service.BackupError(f"There is no backup in {_folder()}. Name one, or run: ampera backup create")
        found = service.verify(db.current(), file, identity)
    unfit = found["unfit_keys"]
    codes = f"AMPERA_CODE_KEYS lacks the keys of its codes: {', '.join(unfit)}." if unfit else "Its codes can be shown."
    is_good = _is_whole(found) and not unfit
    if is_json:
        click.echo(json.dumps({"file": str(file), "ok": is_good, **found}))
    else:
        click.echo(f"{'Good' if is_good else 'NOT GOOD'}: {file}, made {found['made_at']}. {_summary(found)} {codes}")
    sys.exit(0 if is_good else 1)


@backup.command()
@click.option("--out", type=FILE, required=True, help="The file for the secret key. Keep it away from this server.")
def keypair(out: Path) -> None:
    """Make the keys of encrypted backups: the secret one into a file, the public one for AMPERA_BACKUP_RECIPIENTS."""
    with _errors_as_text():
        public = encryption.make_keypair(out)
    click.echo(f"AMPERA_BACKUP_RECIPIENTS={public}")
    click.echo(f"The secret key is in {out}. Without it no backup can be read: keep two copies, none on this server.")


@backup.command()
@click.argument("folder", type=FOLDER, required=False)
@keeping
@click.option("--dry-run", "is_dry", is_flag=True, help="Only name them.")
@with_appcontext
def prune(folder: Path | None, days: int, most: int, least: int, is_dry: bool) -> None:
    """Delete old backups of FOLDER, by default the instance folder's `backups`. Only files named by `create`."""
    folder = folder or _folder()
    with _errors_as_text():
        old = archive_service.outdated(folder, Keep(days, most, least), clock.now())
        for file in old if not is_dry else ():
            file.unlink(missing_ok=True)
    click.echo("\n".join([f"{len(old)} {'would go' if is_dry else 'deleted'}.", *(file.name for file in old)]))


@backup.command()
@click.option("--out", type=FOLDER, help="Where the backups go. Default: the instance folder's `backups`.")
@click.option("--at", default="*-*-* 19:30:00", show_default=True, help="A calendar event of systemd, also *:0/15.")
@keeping
@click.option("--write", "target", type=FOLDER, help="Write the units into this folder, /etc/systemd/system.")
@with_appcontext
def schedule(out: Path | None, at: str, days: int, most: int, least: int, target: Path | None) -> None:
    """Print the timer and the service of systemd that back up and prune by themselves, with this machine's paths."""
    with _errors_as_text():
        settings = current_app.extensions["ampera.settings"]
        made = timer_service.units(settings, (out or _folder()).absolute(), at, Keep(days, most, least))
        for name, text in made.items():
            if target:
                target.joinpath(name).write_text(text, "utf-8")
                target.joinpath(name).chmod(0o644)
            else:
                click.echo(f"# {name}\n{text}")
    if target:
        click.echo(f"Written: {', '.join(made)}. Now: systemctl enable --now {timer_service.UNITS[1]}")


def _target(out: Path | None, recipients: str) -> Path:
    """The file of a new backup. Raises OSError when its folder cannot be made."""
    folder = private_files.make_folder(_folder()) if out is None else out
    name = f"{clock.now():{NAME}}{archive_service.ENCRYPTED if recipients else ''}"
    return folder / name if folder.is_dir() else folder


def _folder() -> Path:
    folder: Path = current_app.extensions["ampera.settings"].instance / "backups"
    return folder


def _is_whole(found: Manifest) -> bool:
    return bool(found["audit"]["ok"])


def _summary(found: Manifest) -> str:
    """What was proved, in sentences."""
    proved = found["audit"]
    if not proved["ok"]:
        return f"Its HISTORY IS BROKEN at {proved['first_bad']}: {proved['reason']}."
    rows = sum(found.get("rows", {}).values())
    mark = f"the checkpoint of {found['checkpoint']} agrees" if found["checkpoint"] else "without a checkpoint"
    return f"{rows:,} rows, {proved['entries']:,} entries of the history, {mark}; {found['seconds']} s."


@contextmanager
def _errors_as_text() -> Iterator[None]:
    """Print a BackupError or what the system refuses as a sentence, and exit with 1."""
    try:
        yield
    except service.BackupError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'The folder'} cannot be used ({error.strerror}).") from None


commands = [backup]
