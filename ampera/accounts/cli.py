"""Accounts and API keys, from the server's own command line. Passwords and keys are printed once."""

import sys

import click
from flask.cli import with_appcontext

from ampera import audit, clock, db
from ampera.accounts import passwords, service
from ampera.accounts.device_cli import device
from ampera.accounts.models import Staff
from ampera.accounts.queries import keys_of, staff_named
from ampera.accounts.roles import ROLES
from ampera.cli.office import named_office, of_office
from ampera.cli.terminal import as_json, done, print_facts, print_rows
from ampera.security import new_token, token_hash


@click.group()
def user() -> None:
    """Create, reset, disable and enable staff accounts."""


@user.command()
@click.argument("login")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", help="Name as colleagues and the register show it. Default: the login.")
@of_office
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
@as_json
@with_appcontext
def create(login: str, role: str, name: str | None, office: str | None, password_stdin: bool, is_json: bool) -> None:
    """Create the account LOGIN with one role. A printed password opens nothing until its owner has changed it."""
    password = _password(login, password_stdin)
    where = named_office(office)
    made = done(
        service.create_staff(
            audit.command(where.id), login, name or login, role, passwords.hashed(password), not password_stdin
        )
    )
    print_facts(is_json, login=made.name, role=role, office=where.code, password=None if password_stdin else password)


@user.command()
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
@as_json
@with_appcontext
def reset(login: str, password_stdin: bool, is_json: bool) -> None:
    """Give LOGIN a new password. All its sessions and keys end.

    A printed password opens nothing until its owner has changed it.
    """
    password = _password(login, password_stdin)
    staff = _staff(login)
    done(
        service.reset_password(
            audit.command(staff.office_id), staff.id, passwords.hashed(password), must_change=not password_stdin
        )
    )
    print_facts(is_json, login=staff.login, password=None if password_stdin else password)


@user.command()
@click.argument("login")
@with_appcontext
def disable(login: str) -> None:
    """Disable LOGIN: its sessions and keys stop working at once."""
    _set_active(login, False)


@user.command()
@click.argument("login")
@with_appcontext
def enable(login: str) -> None:
    """Let LOGIN sign in again."""
    _set_active(login, True)


@user.command("role")
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
@with_appcontext
def set_role(login: str, role: str) -> None:
    """Give LOGIN another role: its sessions end, and its keys that are above the new role."""
    staff = _staff(login)
    done(service.set_role(audit.command(staff.office_id), staff.id, role))
    click.echo(f"{staff.login} is {role}.")


@click.group()
def key() -> None:
    """Create, list and revoke API keys."""


@key.command("create")
@click.option("--staff", "login", required=True, metavar="LOGIN", help="The member of staff it acts as.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", default="", help="Which system uses it.")
@click.option(
    "--days", type=click.IntRange(1, service.MOST_KEY_DAYS), default=service.KEY_DAYS, show_default=True,
    help="How long it is valid.",
)  # fmt: skip
@as_json
@with_appcontext
def create_key(login: str, role: str, name: str, days: int, is_json: bool) -> None:
    """Create an API key that acts as LOGIN in one role, which may not be above the role of LOGIN."""
    staff = _staff(login)
    token = new_token("key")
    made = done(service.create_key(audit.command(staff.office_id), staff.id, role, name, token_hash(token), days))
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
            | {"revoked_at": clock.iso(row.revoked_at), "expires_at": clock.iso(row.expires_at)}
            | {"used_at": clock.iso(row.used_at)}
            for row in keys_of(session, named_office(office).id)
        ]
    print_rows(is_json, "keys", rows)


@key.command("revoke")
@click.argument("key_id", type=int, metavar="ID")
@with_appcontext
def revoke_key(key_id: int) -> None:
    """Take an API key away, at once."""
    done(service.revoke_key(audit.command(), key_id))
    click.echo(f"Key {key_id} is revoked.")


commands = [user, device, key]


def _set_active(login: str, is_active: bool) -> None:
    staff = _staff(login)
    done(service.set_active(audit.command(staff.office_id), staff.id, is_active))
    click.echo(f"{staff.login} is {'enabled' if is_active else 'disabled'}.")


def _password(login: str, is_from_stdin: bool) -> str:
    if not is_from_stdin:
        return passwords.random_password()
    password = sys.stdin.readline().rstrip("\r\n")
    if passwords.is_weak(password, login):
        raise click.ClickException(
            f"The password is weak: at least {passwords.MIN_LENGTH} characters, for example four words that do not"
            " belong together."
        )
    return password


def _staff(login: str) -> Staff:
    with db.reading() as session:
        found = staff_named(session, login)
    if found is None:
        raise click.ClickException(f"There is no account {login}.")
    return found
