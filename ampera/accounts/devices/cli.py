"""Displays and tablets, from the server's own command line."""

from typing import TypedDict, Unpack
from urllib.parse import quote

import click
from flask import current_app
from flask.cli import with_appcontext

from ampera import audit, clock, db
from ampera.accounts.devices import service as device_service
from ampera.accounts.devices.kinds import ROLES
from ampera.accounts.queries import DISPLAY, devices_of, lane_keyed, sites_keyed
from ampera.cli.office import OfficeKey, named_office, of_office
from ampera.cli.terminal import as_json, done, print_facts, print_rows
from ampera.security import new_token, token_hash


class Details(TypedDict):
    """The options of `device confirm` besides its office, its lane and its output."""

    kind: str
    name: str
    site: str
    silent: bool
    volume: int


@click.group()
def device() -> None:
    """Enrol, confirm, list and revoke displays and tablets."""


@device.command()
@click.option("--kind", type=click.Choice([DISPLAY]), default=DISPLAY)
@of_office
@click.option("--lane", type=int, help="Show this lane only.")
@click.option("--site", default="", help="Show the lanes of this site only.")
@click.option("--name", default="", help="Where it hangs.")
@as_json
@with_appcontext
def enrol(kind: str, office: str | None, lane: int | None, site: str, name: str, is_json: bool) -> None:
    """Enrol a display. Open the printed link once on its screen; the browser then keeps the right."""
    where = named_office(office)
    token = new_token(kind)
    wanted = device_service.Display(name, _lane_of_place(where, lane, site), site)
    made = device_service.enrol_device(audit.command(where.id), where.id, wanted, token_hash(token))
    path = "/".join(["/board", where.code, *([str(lane)] if lane is not None else [])])
    path += f"?site={quote(site)}" if site else ""
    # Behind #: a browser never sends that part, so no server and no log sees the token.
    link = f"{current_app.extensions['ampera.settings'].site()}{path}#token={token}"
    print_facts(is_json, id=made.id, token=token, link=link)


@device.command()
@click.argument("code")
@of_office
@click.option("--kind", type=click.Choice([DISPLAY, *ROLES]), default=DISPLAY, show_default=True)
@click.option("--lane", type=int, help="Show, or work at, this lane only.")
@click.option("--site", default="", help="Show the lanes of this site only.")
@click.option("--name", default="", help="Where it hangs, or what is written on it.")
@click.option("--silent", is_flag=True, help="It does not speak.")
@click.option("--volume", type=click.IntRange(0, 100), default=device_service.Display.volume, show_default=True)
@as_json
@with_appcontext
def confirm(code: str, office: str | None, lane: int | None, is_json: bool, **more: Unpack[Details]) -> None:
    """Confirm the screen or tablet that shows CODE. It goes on by itself within seconds."""
    where = named_office(office)
    lane_id = _lane_of_place(where, lane, more["site"])
    wanted = _wanted(lane_id, more)
    made = done(device_service.confirm(audit.command(where.id), where.id, code, wanted))
    print_facts(is_json, id=made.id, name=made.name)


@device.command("list")
@of_office
@as_json
@with_appcontext
def list_devices(office: str | None, is_json: bool) -> None:
    """List the displays and tablets of an office."""
    with db.reading() as session:
        rows = [
            {"id": row.id, "kind": row.kind, "lane": number, "site": row.site, "name": row.name}
            | {"speaks": row.speaks, "volume": row.volume, "revoked_at": clock.iso(row.revoked_at)}
            for row, number in devices_of(session, named_office(office).id)
        ]
    print_rows(is_json, "devices", rows)


@device.command("revoke")
@click.argument("device_id", type=int, metavar="ID")
@with_appcontext
def revoke_device(device_id: int) -> None:
    """Take a device's right away: a screen says so within seconds, people at a tablet are signed out."""
    done(device_service.revoke_device(audit.command(), device_id))
    click.echo(f"Device {device_id} is revoked.")


def _wanted(lane_id: int | None, details: Details) -> device_service.Wanted:
    if details["kind"] == DISPLAY:
        return device_service.Display(
            details["name"], lane_id, details["site"], not details["silent"], details["volume"]
        )
    if not details["name"]:
        raise click.UsageError("A tablet needs a --name.")
    return device_service.WorkTablet(details["kind"], details["name"], lane_id)


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
