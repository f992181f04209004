"""The database and its offices from the server's own command line: the first one, lanes, hours, days, options."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from ampera import audit, db, migrate
from ampera.audit import Actor
from ampera.cli.office import named_office, of_office
from ampera.clock import WIB, ZONES
from ampera.errors import Refused, message
from ampera.installation import server_lock
from ampera.offices import closing_service, service
from ampera.offices.calendar.hours import Span
from ampera.offices.changes import Changed
from ampera.offices.identity.service import Identity, set_identity
from ampera.offices.models import Office
from ampera.offices.options.defaults import OPTIONS, option
from ampera.offices.options.validation import KINDS, MOST_VEHICLES
from ampera.offices.queries import LaneCard, lane_numbered, lanes_of, office_by_code, only_office, week_of

FIRST_CODE = "KANIM"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SpanType(click.ParamType):
    """08:00-12:00; whether such hours make sense is for the service to say."""

    name = "HH:MM-HH:MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Span:
        opens, dash, closes = str(value).partition("-")
        return Span(opens, closes) if dash else self.fail(f"{value} is not like 08:00-12:00", param, ctx)


SPAN = SpanType()
ZONE = click.Choice(list(ZONES))
ZONE_NEEDED = (
    "Choose the time zone of the office with --timezone: "
    + ", ".join(f"{zone} ({word})" for zone, word in ZONES.items())
    + ". It cannot be changed after the first visit."
)
DATE = click.DateTime(["%Y-%m-%d"])
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@click.command()
@click.option("--office", "code", help=f"Code of a first office to make; in production '{FIRST_CODE}' by itself.")
@click.option(
    "--name", default="Kantor Imigrasi", show_default=True, help="Its name, as screens and applicants read it."
)
@click.option("--lanes", type=click.IntRange(1, 20), default=1, show_default=True)
@click.option("--timezone", type=ZONE, help="Needed for a first office in production.  [default: Asia/Jakarta]")
@click.option("--address", default="", help="On one line, for pages and papers.")
@with_appcontext
def init(code: str | None, name: str, lanes: int, timezone: str | None, address: str) -> None:
    """Make the database, or bring it to this version. Outside production also make the secrets that are not set."""
    _upgrade(db.current())
    audit.open_history(audit.command())
    with db.reading() as session:
        is_empty = only_office(session) is None
        is_new = bool(code) and office_by_code(session, code or "") is None
    if is_new and not is_empty:
        click.echo(f"There is an office already; {code} was not made. Add it: ampera office create {code} --name NAME")
    is_production = current_app.extensions["ampera.settings"].is_production
    if is_empty and (code or is_production):
        if timezone is None and is_production:
            raise click.ClickException(ZONE_NEEDED)
        _print(service.create_office(audit.command(), code or FIRST_CODE, name, lanes, timezone or WIB, address))
        click.echo(
            "Next: ampera user create LOGIN --role admin, and the hours: ampera office hours mon,tue 08:00-15:00"
        )


def _upgrade(database: db.Database) -> None:
    """A server that works on with the version before would meet tables that it does not know."""
    try:
        with server_lock.alone(database) if migrate.is_older(database) else nullcontext():
            migrate.upgrade(database)
    except server_lock.InUse:
        text = "A server of the version before works with this database. Stop it first."
        raise click.ClickException(text) from None


@click.group()
def office() -> None:
    """Create an office; set its lanes, hours, special days and options; close its line and open it again."""


@office.command()
@click.argument("code")
@click.option("--name", required=True, help="As screens and applicants read it.")
@click.option("--lanes", type=click.IntRange(1, 20), default=1, show_default=True)
@click.option("--timezone", type=ZONE, default=WIB, show_default=True)
@with_appcontext
def create(code: str, name: str, lanes: int, timezone: str) -> None:
    """Create the office CODE. It is closed until it has hours."""
    _print(service.create_office(audit.command(), code, name, lanes, timezone))


@office.command()
@click.argument("code")
@click.option("--name", help="As screens and applicants read it.")
@click.option("--name-en", help="The same in English; '' for none.")
@click.option("--address", help="On one line, for pages and papers; '' for none.")
@click.option("--timezone", type=ZONE, help="Only while the office has no visit and no booking.")
@with_appcontext
def identity(code: str, **wanted: str | None) -> None:
    """Set who the office CODE is. What is not named stays as it is; without an option, show it."""
    if all(value is None for value in wanted.values()):
        with db.reading() as session:
            found = _found(session, code)
        for name in wanted:
            click.echo(f"{name:<9} {getattr(found, name) or '–'}")
        return
    _print(set_identity(_actor(code), Identity(**wanted)))


@office.command()
@of_office
@click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")
@with_appcontext
def show(office: str | None, is_json: bool) -> None:
    """Show an office's lanes and options."""
    with db.reading() as session:
        found = _found(session, office)
        lanes = [_lane(row) for row in lanes_of(session, found.id)]
    content = {"code": found.code, "name": found.name, "name_en": found.name_en, "address": found.address}
    content |= {"timezone": found.timezone, "lanes": lanes}
    content["options"] = {known.name: option(found.options, known.name) for known in OPTIONS}
    click.echo(json.dumps(content, ensure_ascii=False, indent=None if is_json else 2))


@office.command()
@click.argument("number", type=int)
@click.argument("act", type=click.Choice(["open", "close", "add", "set"]))
@click.option("--kind", type=click.Choice(KINDS), help="Vehicles it takes.  [default: mixed]")
@click.option("--name", help="As staff know it.")
@click.option("--site", help="The place it is at; '' is the office itself.")
@click.option("--windows", type=click.IntRange(1, service.MOST_WINDOWS), help="Vehicles served in it at once.")
@of_office
@with_appcontext
def lane(number: int, act: str, office: str | None, **wanted: object) -> None:
    """Open, close, add or set lane NUMBER. What is not named stays as it is."""
    who = _actor(office)
    if act in ("open", "close"):
        return _print(service.set_lane_open(who, number, act == "open"))
    with db.reading() as session:
        present = lane_numbered(session, who.office_id or 0, number)
    known = service.LaneSettings()
    if present is not None:
        known = service.LaneSettings(present.kind, present.name, present.site, present.windows)
    given = {name: value for name, value in wanted.items() if value is not None}
    return _print((service.add_lane if act == "add" else service.set_lane)(who, number, replace(known, **given)))


@office.command()
@click.argument("reason")
@click.option("--until", type=MOMENT, help="It opens again by itself, on the office's clock.")
@of_office
@with_appcontext
def close(reason: str, until: datetime | None, office: str | None) -> None:
    """Take no new vehicle now. REASON stays in the history; who is in the line is still served."""
    who = _actor(office)
    with db.reading() as session:
        zone = ZoneInfo(_found(session, office).timezone)
    _print(closing_service.close_now(who, reason, until.replace(tzinfo=zone) if until else None))


@office.command("open")
@of_office
@with_appcontext
def open_again(office: str | None) -> None:
    """Let the opening hours hold again."""
    _print(closing_service.open_again(_actor(office)))


@office.command()
@click.argument("days", metavar="[DAY[,DAY…]]", required=False)
@click.argument("spans", nargs=-1, type=SPAN)
@of_office
@with_appcontext
def hours(days: str | None, spans: tuple[Span, ...], office: str | None) -> None:
    """Set the hours of weekdays (mon … sun), e.g. `hours mon,tue 08:00-12:00 13:00-15:30`; without hours: closed.

    Without a day, show the hours of the week.
    """
    if days is None:
        _show_hours(office)
        return
    who = _actor(office)
    for day in days.lower().split(","):
        if day not in DAYS:
            raise click.ClickException(f"{day} is not one of {', '.join(DAYS)}.")
        _print(service.set_hours(who, DAYS.index(day), spans))


@office.command()
@click.argument("day", type=DATE)
@click.argument("title", required=False)
@click.argument("spans", nargs=-1, type=SPAN)
@click.option("--quota", type=click.IntRange(0, MOST_VEHICLES), help="Vehicles of this day.  [default: the office's]")
@click.option("--title-en", default="", help="The title on English pages.")
@click.option("--drop", is_flag=True, help="The weekday's hours hold again.")
@of_office
@with_appcontext
def special(
    day: datetime,
    title: str | None,
    spans: tuple[Span, ...],
    quota: int | None,
    title_en: str,
    drop: bool,
    office: str | None,
) -> None:
    """Set a special day: `special 2027-03-20 "Libur Idulfitri"` is closed, with hours at the end it is open then."""
    who, date = _actor(office), day.date()
    if drop:
        _print(service.drop_special_day(who, date))
    else:
        _print(service.set_special_day(who, date, title or "", spans, quota, title_en))


@office.command("set")
@click.argument("name", type=click.Choice([known.name for known in OPTIONS]))
@click.argument("value")
@of_office
@with_appcontext
def set_option(name: str, value: str, office: str | None) -> None:
    """Set an option; VALUE is JSON, or plain text."""
    try:
        parsed = json.loads(value)
    except ValueError:
        parsed = value
    _print(service.set_option(_actor(office), name, parsed))


commands = [init, office]


def _found(session: Session, code: str | None) -> Office:
    return session.get_one(Office, named_office(code).id)


def _show_hours(code: str | None) -> None:
    with db.reading() as session:
        week = week_of(session, named_office(code).id)
    for number, day in enumerate(DAYS):
        spans = [f"{span.opens}-{span.closes}" for span in week.get(number, ())]
        click.echo(f"{day} {' '.join(spans) or 'closed'}")


def _lane(card: LaneCard) -> dict[str, Any]:
    fields = {"number": card.number, "name": card.name, "kind": card.kind, "open": card.is_open}
    return {**fields, "site": card.site, "windows": card.windows}


def _actor(code: str | None) -> Actor:
    return audit.command(named_office(code).id)


def _print(result: Changed | Refused) -> None:
    if isinstance(result, Refused):
        raise click.ClickException(message(result.code, result.status))
    click.echo(f"Office {result.code} is at revision {result.revision}.")
