"""`ampera audit verify|checkpoint|export`: the proof of the history, for scripts and auditors."""

import json
import sys
from pathlib import Path
from typing import TextIO

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.history.checkpoints import newest
from ampera.tools.auditing import checkpoints, proof


@click.group()
def audit() -> None:
    """Prove, sign and export the history of every change and refusal."""


@audit.command()
@click.option(
    "--checkpoint", metavar="FILE|TEXT", help="A checkpoint to compare with: its file, or the text of a sheet's QR."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_appcontext
def verify(checkpoint: str | None, as_json: bool) -> None:
    """Check every chain and every record. Exits 1 and names the first broken row after a change."""
    if checkpoint and not checkpoints.is_there(checkpoint):
        raise click.BadParameter("there is no such file", param_hint="--checkpoint")
    proved = _verified(checkpoint)
    if as_json:
        click.echo(json.dumps(proved))
    elif proved["ok"]:
        click.echo(_sentence(proved))
    else:
        click.echo(f"Broken at {proved['first_bad']}: {proved['reason']}.", err=True)
    sys.exit(0 if proved["ok"] else 1)


@audit.command(name="checkpoint")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@with_appcontext
def make_checkpoint(out: Path) -> None:
    """Write a signed checkpoint. Keep it on another machine."""
    with db.reading() as session:
        signed = checkpoints.checkpoint(session, current_app.extensions["ampera.settings"].secret_key)
    out.write_text(json.dumps(signed, indent=1) + "\n")
    click.echo(f"Checkpoint of {len(signed['chains'])} chains written to {out}.")


@audit.command()
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-")
@with_appcontext
def export(out: TextIO) -> None:
    """Write all entries as JSON lines, oldest first."""
    with db.reading() as session:
        query = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=2000)
        for entry in session.scalars(query):
            row = {name: getattr(entry, name) for name in ("id", "chain", "seq", "actor", "action", "subject", "hash")}
            row |= {"at": clock.iso(entry.at), "details": json.loads(entry.details)}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _verified(given: str | None) -> proof.Proof:
    """The proof of the whole history, and of the given checkpoint or else the newest of the settings' folder."""
    settings = db.current_settings()
    if given is None and settings.checkpoint_dir and (file := newest(Path(settings.checkpoint_dir))):
        given = str(file)
    with db.reading() as session:
        signed = checkpoints.genuine(session, checkpoints.read(given), settings.secret_key) if given else None
    if given and signed is None:
        reason = "this installation did not sign the checkpoint"
        return proof.Proof(entries=0, ok=False, first_bad=None, reason=reason, keyed=0)
    with db.reading() as session:
        return proof.verify(session, signed)


def _sentence(proved: proof.Proof) -> str:
    """What was proved, and which part of it by a key that the database does not hold."""
    old = proved["entries"] - proved["keyed"]
    text = f"{proved['entries']} entries, all intact."
    if old:
        text += f" {old} of them are older than the keys; the first keyed entry of their chain holds them fast."
    return f"{text} {proved['keyed']} are keyed."


commands = [audit]
