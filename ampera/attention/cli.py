"""`ampera attention`: what needs a person now, as numbers."""

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from ampera import clock, db
from ampera.attention import memory, queries
from ampera.attention.kind import Place
from ampera.attention.kinds.registry import KINDS
from ampera.board.screens import registry
from ampera.cli.office import named_office, of_office
from ampera.cli.terminal import as_json
from ampera.offices.queries import office_card


@click.command()
@of_office
@as_json
@with_appcontext
def attention(office: str | None, is_json: bool) -> None:
    """Count what needs a person now: locked and overdue books, failed messages, late backups and the like.

    Only the server knows how its screens keep up; a command learns it where AMPERA_REDIS_URL is set.
    """
    where, settings = named_office(office), current_app.extensions["ampera.settings"]
    with db.reading() as session:
        place = office_card(session, where.id)
        screens = registry.of_app(current_app.extensions) if settings.redis_url else None
        seen = Place(place, clock.now(), clock.today(place.timezone), settings, screens)
        seen.prepared.update(memory.refresh(session, seen, memory.Memory()))
        found = queries.counts(session, seen, [kind for kind in KINDS if screens or kind.name != "screens"])
    if is_json:
        kinds = [{"kind": name, "count": count} for name, count in found.items()]
        facts = {"office": where.code, "at": clock.iso(seen.at), "total": sum(found.values()), "kinds": kinds}
        click.echo(json.dumps(facts))
        return
    click.echo("\n".join(f"{count:6} {name}" for name, count in found.items()))


commands = [attention]
