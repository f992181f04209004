"""`ampera pickup reissue`: new codes for many pickups at once, when the keys of the old ones are lost."""

import json

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from ampera import audit, db
from ampera.errors import Refused
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups import service
from ampera.pickups.code_keys.key_queries import unfit_keys
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import Pickup, PickupCode


@click.group()
def pickup() -> None:
    """Make new codes for the passports on the shelf."""


@pickup.command()
@click.option(
    "--lost", "scope", flag_value="lost", default=True, help="Only codes whose key is missing or another one."
)
@click.option("--all", "scope", flag_value="all", help="Every current code.")
@click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")
@click.confirmation_option("--yes", prompt="The old codes and links stop working. Applicants get a message. Go on?")
@with_appcontext
def reissue(scope: str, is_json: bool) -> None:
    """Give the pickups with passports on the shelf new codes and links; slips must be printed again."""
    wanted = _wanted(scope == "all")
    done = [service.reissue(audit.command(office_id), pickup_id, "bulk") for office_id, pickup_id in wanted]
    count = sum(not isinstance(result, Refused) for result in done)
    click.echo(json.dumps({"reissued": count}) if is_json else f"{count} pickups have new codes.")


def _wanted(is_all: bool) -> list[tuple[int, int]]:
    """(office id, pickup id) of every pickup with a book on the shelf whose current code must be replaced."""
    keys = CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        statement = (
            select(Pickup.office_id, Pickup.id)
            .join(PickupCode, PickupCode.pickup_id == Pickup.id)
            .where(PickupCode.state == "current", Passport.state.in_(ON_SHELF))
            .join(Passport, Passport.pickup_id == Pickup.id)
            .distinct()
            .order_by(Pickup.id)
        )
        if not is_all:
            statement = statement.where(PickupCode.key_id.in_(unfit_keys(session, keys)))
        return [(row.office_id, row.id) for row in session.execute(statement)]


commands = [pickup]
