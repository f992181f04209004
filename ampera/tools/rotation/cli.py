"""`ampera keys rotate data|codes|sessions`: new keys in place of old ones, while the lane works."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from ampera import audit, db
from ampera.cli.terminal import as_json, print_facts
from ampera.errors import Refused
from ampera.installation.data_keys import Unreadable
from ampera.offices.models import Office
from ampera.pickups import service as pickups
from ampera.pickups.codes import CodeKeys
from ampera.sql.sealed import keys_in_use
from ampera.sql.sealed_columns import sealed_tables
from ampera.tools.rotation import queries, service


@click.group()
def keys() -> None:
    """Put new keys in place of old ones."""


@keys.group()
def rotate() -> None:
    """First write the new key before the old ones in the setting, and restart the server."""


@rotate.command()
@click.option("--lost", "gives_up", is_flag=True, help="Empty the values whose key is gone for good.")
@as_json
@with_appcontext
def data(gives_up: bool, is_json: bool) -> None:
    """Encrypt every stored value with the newest of AMPERA_DATA_KEYS. It may be stopped and run again at any time.

    Afterwards the old key may leave the setting. Backups from before still need it.
    """
    with db.reading() as session:
        total = queries.count(session)
    rows = 0
    try:
        with click.progressbar(length=total, label="Rows", file=sys.stderr, hidden=is_json) as bar:
            for table, columns in sealed_tables():
                for ids in queries.slices(table):
                    rows += service.seal_again(table, columns, ids, gives_up=gives_up)
                    bar.update(len(ids))
        rows += service.seal_singles_again(gives_up=gives_up)
    except Unreadable as error:
        raise click.ClickException(f"{error}. Put the key back behind the newest one, then run this again.") from None
    _record("data", rows)
    print_facts(is_json, rows=rows, key=keys_in_use().newest_id)


@rotate.command()
@click.confirmation_option("--yes", prompt="Applicants get a message with a new link and code. Go on?")
@as_json
@with_appcontext
def codes(is_json: bool) -> None:
    """Give every pickup on the shelf whose code is of an older key a new code and link."""
    newest = next(iter(CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys).secrets))
    with db.reading() as session:
        wanted = queries.with_older_codes(session, newest)
    made = [pickups.reissue(audit.command(office_id), pickup_id, "bulk") for office_id, pickup_id in wanted]
    count = sum(not isinstance(result, Refused) for result in made)
    _record("codes", count)
    print_facts(is_json, rows=count, key=newest)


@rotate.command()
@click.confirmation_option("--yes", prompt="Everybody must sign in again. Go on?")
@as_json
@with_appcontext
def sessions(is_json: bool) -> None:
    """End every session and PIN of staff. A new AMPERA_SECRET_KEY ends them, too, at the next restart."""
    print_facts(is_json, rows=sum(service.end_sessions(audit.command(office_id)) for office_id in _offices()))


def _record(what: str, rows: int) -> None:
    for office_id in _offices():
        service.record(audit.command(office_id), what, rows)


def _offices() -> list[int]:
    with db.reading() as session:
        return list(session.scalars(select(Office.id).order_by(Office.id)))


commands = [keys]
