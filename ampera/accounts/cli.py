"""Accounts, displays and API keys, from the server's own command line. Passwords, tokens and keys are printed once."""

import json
import sys
from collections.abc import Callable
from typing import Any, TypedDict, TypeVar, Unpack
from urllib.parse import quote

import click
from flask import current_app
from flask.cli import with_appcontext

from ampera import audit, clock, db
from ampera.accounts import device_service, passwords, service
from ampera.accounts.models import Staff
from ampera.accounts.queries import OfficeKey, devices_of, keys_of, lane_keyed, office_keyed, sites_keyed, staff_named
from ampera.accounts.roles import ROLES
from ampera.errors import Refused, message
from ampera.security import new_token, token_hash

T = TypeVar("T")


class Voice(TypedDict):
    """The options of `device confirm` that are neither its place nor its output."""

    name: str
    silent: bool
    volume: int


def as_json(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")(command)


def of_office(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--office", "office", metavar="CODE", help="Default: the first office.")(command)


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
    where = _office(office)
    made = _done(
        service.create_staff(
            audit.command(where.id), login, name or login, role, passwords.hashed(password), not password_stdin
        )
    )
    _print(is_json, login=made.name, role=role, office=where.code, password=None if password_stdin else password)


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
    _done(
        service.reset_password(
            audit.command(staff.office_id), staff.id, passwords.hashed(password), must_change=not password_stdin
        )
    )
    _print(is_json, login=staff.login, password=None if password_stdin else password)


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
    _done(service.set_role(audit.command(staff.office_id), staff.id, role))
    click.echo(f"{staff.login} is {role}.")


@click.group()
def device() -> None:
    """Enrol, confirm, list and revoke displays."""


@device.command()
@click.option("--kind", type=click.Choice(["display"]), default="display")
@of_office
@click.option("--lane", type=int, help="Show this lane only.")
@click.option("--site", default="", help="Show the lanes of this site only.")
@click.option("--name", default="", help="Where it hangs.")
@as_json
@with_appcontext
def enrol(kind: str, office: str | None, lane: int | None, site: str, name: str, is_json: bool) -> None:
    """Enrol a display. Open the printed link once on its screen; the browser then keeps the right."""
    where = _office(office)
    token = new_token(kind)
    wanted = device_service.Display(name, _lane_of_place(where, lane, site), site)
    made = device_service.enrol_device(audit.command(where.id), where.id, wanted, token_hash(token))
    path = "/".join(["/board", where.code, *([str(lane)] if lane is not None else [])])
    path += f"?site={quote(site)}" if site else ""
    # Behind #: a browser never sends that part, so no server and no log sees the token.
    link = f"{current_app.extensions['ampera.settings'].site()}{path}#token={token}"
    _print(is_json, id=made.id, token=token, link=link)


@device.command()
@click.argument("code")
@of_office
@click.option("--lane", type=int, help="Show this lane only.")
@click.option("--site", default="", help="Show the lanes of this site only.")
@click.option("--name", default="", help="Where it hangs.")
@click.option("--silent", is_flag=True, help="It does not speak.")
@click.option("--volume", type=click.IntRange(0, 100), default=device_service.Display.volume, show_default=True)
@as_json
@with_appcontext
def confirm(code: str, office: str | None, lane: int | None, site: str, is_json: bool, **voice: Unpack[Voice]) -> None:
    """Confirm the screen that shows CODE. It changes to its place by itself within seconds."""
    where = _office(office)
    lane_id = _lane_of_place(where, lane, site)
    wanted = device_service.Display(voice["name"], lane_id, site, not voice["silent"], voice["volume"])
    made = _done(device_service.confirm(audit.command(where.id), where.id, code, wanted))
    _print(is_json, id=made.id, name=made.name)


@device.command("list")
@of_office
@as_json
@with_appcontext
def list_devices(office: str | None, is_json: bool) -> None:
    """List the displays of an office."""
    with db.reading() as session:
        rows = [
            {"id": row.id, "kind": row.kind, "lane": number, "site": row.site, "name": row.name}
            | {"speaks": row.speaks, "volume": row.volume, "revoked_at": clock.iso(row.revoked_at)}
            for row, number in devices_of(session, _office(office).id)
        ]
    _print_rows(is_json, "devices", rows)


@device.command("revoke")
@click.argument("device_id", type=int, metavar="ID")
@with_appcontext
def revoke_device(device_id: int) -> None:
    """Take a display's right away. Its screen says so within seconds."""
    _done(device_service.revoke_device(audit.command(), device_id))
    click.echo(f"Device {device_id} is revoked.")


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
    made = _done(service.create_key(audit.command(staff.office_id), staff.id, role, name, token_hash(token), days))
    _print(is_json, id=made.id, key=token)


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
            for row in keys_of(session, _office(office).id)
        ]
    _print_rows(is_json, "keys", rows)


@key.command("revoke")
@click.argument("key_id", type=int, metavar="ID")
@with_appcontext
def revoke_key(key_id: int) -> None:
    """Take an API key away, at once."""
    _done(service.revoke_key(audit.command(), key_id))
    click.echo(f"Key {key_id} is revoked.")


commands = [user, device, key]


def _set_active(login: str, is_active: bool) -> None:
    staff = _staff(login)
    _done(service.set_active(audit.command(staff.office_id), staff.id, is_active))
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


def _office(code: str | None) -> OfficeKey:
    with db.reading() as session:
        found = office_keyed(session, code)
    if found is None:
        raise click.ClickException(f"There is no office {code}." if code else "There is no office yet.")
    return found


def _lane_of_place(office: OfficeKey, lane: int | None, site: str) -> int | None:
    """The id of the lane, None without one. Refuses a lane together with a site, and an unknown site."""
    if lane is not None:
        if site:
            raise click.ClickException("A display shows a lane or a site, not both.")
        return _lane_id(office, lane)
    with db.reading() as session:
        known = sites_keyed(session, office.id)
    if site and site not in known:
        raise click.ClickException(f"The office {office.code} has no site {site}.")
    return None


def _lane_id(office: OfficeKey, number: int) -> int:
    with db.reading() as session:
        lane_id = lane_keyed(session, office.id, number)
    if lane_id is None:
        raise click.ClickException(f"The office {office.code} has no lane {number}.")
    return lane_id


def _staff(login: str) -> Staff:
    with db.reading() as session:
        found = staff_named(session, login)
    if found is None:
        raise click.ClickException(f"There is no account {login}.")
    return found


def _done(result: T | Refused) -> T:
    if isinstance(result, Refused):
        raise click.ClickException(message(result.code, result.status))
    return result


def _print(is_json: bool, **facts: object) -> None:
    known = {name: value for name, value in facts.items() if value is not None}
    click.echo(json.dumps(known) if is_json else "\n".join(f"{name:9} {value}" for name, value in known.items()))


def _print_rows(is_json: bool, name: str, rows: list[dict[str, Any]]) -> None:
    if is_json:
        click.echo(json.dumps({name: rows}))
    for row in rows if not is_json else ():
        click.echo("  ".join(f"{key}={value}" for key, value in row.items() if value not in (None, "")))
