"""`ampera retention run`: delete personal data whose period is over, or say what would go."""

from typing import Any

import click
from flask.cli import with_appcontext

from ampera import clock, db
from ampera.cli.office import named_office, of_office
from ampera.cli.terminal import as_json, print_rows
from ampera.offices.queries import office_card
from ampera.retention.queries import erasures
from ampera.retention.tasks import delete_all


@click.group()
def retention() -> None:
    """Delete personal data whose period is over."""


@retention.command()
@click.option("--dry-run", is_flag=True, help="Delete nothing, say what would go.")
@of_office
@as_json
@with_appcontext
def run(dry_run: bool, office: str | None, is_json: bool) -> None:
    """Delete what is due now. The server does the same every hour. Options of the office set the periods."""
    where = named_office(office)
    with db.reading() as session:
        due = erasures(session, office_card(session, where.id))
    erased = {} if dry_run else delete_all(where.id, due)
    rows: list[dict[str, Any]] = [
        {
            "kind": erasure.kind,
            "days": erasure.days,
            "before": clock.iso(erasure.before),
            "rows": erasure.rows if dry_run else erased[erasure.kind],
            "deleted": not dry_run,
        }
        for erasure in due
    ]
    print_rows(is_json, "kinds", rows)


commands = [retention]
