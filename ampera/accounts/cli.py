"""Accounts, from the server's own command line. Passwords are printed once."""

import sys

import click
from flask.cli import with_appcontext

from ampera import audit, db
from ampera.accounts import passwords, service
from ampera.accounts.devices.cli import device
from ampera.accounts.keys.cli import key
from ampera.accounts.models import Staff
from ampera.accounts.queries import staff_named
from ampera.accounts.roles import ROLES
from ampera.cli.office import named_office, of_office
from ampera.cli.terminal import as_json, done, print_facts


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
    """Create the account LOGIN with one role. A printed password opens one session, in which it must be changed."""
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
@click.option("--keep-factors", is_flag=True, help="The second factor was not lost: leave it.")
@as_json
@with_appcontext
def reset(login: str, password_stdin: bool, keep_factors: bool, is_json: bool) -> None:
    """Give LOGIN a new password. All its sessions and keys end, and its second factor.

    A printed password opens one session, within three days, to be changed in it.
    """
    password = _password(login, password_stdin)
    staff = _staff(login)
    command, how = audit.command(staff.office_id), service.Reset(keep_factors)
    done(service.reset_password(command, staff.id, passwords.hashed(password), not password_stdin, how))
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
            f"The password is weak or longer than {passwords.MOST} characters: take at least {passwords.MIN_LENGTH},"
            " for example four words that do not belong together."
        )
    return password


def _staff(login: str) -> Staff:
    with db.reading() as session:
        found = staff_named(session, login)
    if found is None:
        raise click.ClickException(f"There is no account {login}.")
    return found
