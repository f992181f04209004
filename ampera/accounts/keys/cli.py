"""API keys, from the server's own command line. A key is printed once."""

import click
from flask.cli import with_appcontext

from ampera import audit, clock, db, scopes
from ampera.accounts.keys import service
from ampera.accounts.keys.limits import DAYS, MOST_DAYS, Wish
from ampera.accounts.keys.queries import keys_of
from ampera.accounts.queries import staff_named
from ampera.accounts.roles import ROLES
from ampera.cli.office import named_office, of_office
from ampera.cli.terminal import as_json, done, print_facts, print_rows
from ampera.security import new_token, token_hash

SCOPE = "A part of the API that it may use, such as passports:read; `ampera key scopes` lists them. Default: all."
NETWORK = "An address or network that it may come from, such as 10.1.2.0/24. Default: any."


@click.group()
def key() -> None:
    """Create, list, replace and revoke API keys."""


@key.command()
@click.option("--staff", "login", required=True, metavar="LOGIN", help="The member of staff it acts as.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", default="", help="Which system uses it.")
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=DAYS, show_default=True, help="How long it is valid."
)
@click.option("--scope", "scopes", multiple=True, help=SCOPE)
@click.option("--network", "networks", multiple=True, help=NETWORK)
@as_json
@with_appcontext
def create(login: str, is_json: bool, **wished: object) -> None:
    """Create an API key that acts as LOGIN in one role, which may not be above the role of LOGIN."""
    with db.reading() as session:
        staff = staff_named(session, login)
    if staff is None:
        raise click.ClickException(f"There is no account {login}.")
    token = new_token("key")
    wish = Wish(**wished)  # type: ignore[arg-type]
    made = done(service.create(audit.command(staff.office_id), staff.id, wish, token_hash(token)))
    print_facts(is_json, id=made.id, key=token)


@key.command("list")
@of_office
@as_json
@with_appcontext
def list_keys(office: str | None, is_json: bool) -> None:
    """List the API keys of an office (never the keys themselves)."""
    with db.reading() as session:
        rows = [
            {"id": row.id, "staff": row.staff.login, "role": row.role, "name": row.name}
            | {"scopes": row.scopes, "networks": row.networks}
            | {"revoked_at": clock.iso(row.revoked_at), "expires_at": clock.iso(row.expires_at)}
            | {"used_at": clock.iso(row.used_at)}
            for row in keys_of(session, named_office(office).id)
        ]
    print_rows(is_json, "keys", rows)


@key.command("scopes")
@with_appcontext
def list_scopes() -> None:
    """List the parts of the API that a key can be limited to."""
    click.echo("\n".join(scopes.known()))


@key.command()
@click.argument("key_id", type=int, metavar="ID")
@click.option(
    "--hours", type=click.IntRange(0, service.MOST_OVERLAP_HOURS), default=service.OVERLAP_HOURS, show_default=True,
    help="How long the replaced key still works.",
)  # fmt: skip
@as_json
@with_appcontext
def rotate(key_id: int, hours: int, is_json: bool) -> None:
    """Replace an API key by a new one with the same limits. The old one still works for some hours."""
    token = new_token("key")
    made = done(service.rotate(audit.command(), key_id, token_hash(token), hours))
    print_facts(is_json, id=made.id, key=token)


@key.command()
@click.argument("key_id", type=int, metavar="ID")
@with_appcontext
def revoke(key_id: int) -> None:
    """Take an API key away, at once."""
    done(service.revoke(audit.command(), key_id))
    click.echo(f"Key {key_id} is revoked.")
