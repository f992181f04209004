"""`ampera privacy export`: everything that the office holds about the holder of one application."""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from ampera import audit, db
from ampera.cli.office import named_office, of_office
from ampera.cli.terminal import as_json
from ampera.offices.models import Office
from ampera.offices.queries import office_card
from ampera.reports.access.cli import privacy
from ampera.reports.persons import labels, queries


@privacy.command()
@click.argument("application_no")
@click.option(
    "--out", metavar="FILE.pdf", type=click.Path(dir_okay=False, path_type=Path), help="Write the copy on paper."
)
@of_office
@as_json
@with_appcontext
def export(application_no: str, out: Path | None, office: str | None, is_json: bool) -> None:
    """Give out everything that is held about the holder of an application, and who has looked at it.

    What proves the holder at the window is covered while a book of this person waits. The history records the copy.
    """
    where = named_office(office)
    with db.reading() as session:
        place = office_card(session, where.id)
        copy = queries.copy_of(session, place, application_no)
    if copy is None:
        raise click.ClickException(f"There is no application {application_no} in {where.code}.")
    subject, given = f"passport:{copy.passport_id}", queries.counts(copy) | {"reason": "command"}
    audit.note_access(audit.command(where.id), "privacy.exported", subject, given)
    if out:
        _write(out, copy, place)
    if is_json or not out:
        click.echo(json.dumps(queries.as_json(copy, place), ensure_ascii=False, indent=None if is_json else 2))


def _write(out: Path, copy: queries.Copy, office: Office) -> None:
    from ampera.reports.persons import pdf  # imported late: it loads 20 MB of fonts and drawing

    heading = pdf.Heading(office.name, office.address, office.timezone)
    try:
        out.write_bytes(pdf.pdf(copy, heading, labels.codes(office.options)))
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from None
    click.echo(f"{out}: the copy for {copy.holder_name}.", err=True)


commands = [privacy]
