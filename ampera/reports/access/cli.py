"""`ampera privacy exposure`: after a breach, whose data an account, a key or a tablet has seen."""

import json
from collections import defaultdict
from datetime import date
from typing import Any, TypedDict, Unpack

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from ampera import clock, db
from ampera.accounts.keys.queries import keys_of
from ampera.accounts.queries import staff_named
from ampera.accounts.tablets.queries import tablets_of
from ampera.cli.office import named_office, of_office
from ampera.cli.terminal import as_json
from ampera.offices.models import Office
from ampera.offices.queries import office_card
from ampera.reports.access.looks import Look
from ampera.reports.access.queries import looks, people
from ampera.reports.days import Days

DAY = click.DateTime(formats=["%Y-%m-%d"])


class Means(TypedDict):
    """With what somebody has looked: exactly one of these is named."""

    staff: str | None
    key_id: int | None
    tablet_id: int | None


@click.group()
def privacy() -> None:
    """Answer questions about personal data."""


@privacy.command()
@click.option("--staff", metavar="LOGIN", help="Whose account.")
@click.option("--key", "key_id", type=int, metavar="ID", help="Which API key; 'ampera key list' shows the ids.")
@click.option("--device", "tablet_id", type=int, metavar="ID", help="Which tablet; 'ampera device list' shows the ids.")
@click.option("--since", "--from", "since", type=DAY, help="First day, YYYY-MM-DD. Default: today.")
@click.option("--until", "--to", "until", type=DAY, help="Last day. Default: today.")
@of_office
@as_json
@with_appcontext
def exposure(office: str | None, is_json: bool, since: Any, until: Any, **means: Unpack[Means]) -> None:
    """Name the people whose data an account, an API key or a tablet has seen, and how."""
    if sum(value is not None for value in means.values()) != 1:
        raise click.UsageError("Name either --staff LOGIN, --key ID or --device ID.")
    where = named_office(office)
    with db.reading() as session:
        place = office_card(session, where.id)
        days = _days(since, until, clock.today(place.timezone))
        answer = _answer(session, looks(session, place, days, *_checked(session, place, means)), days)
    click.echo(json.dumps(answer) if is_json else _lines(answer))


def _checked(session: Session, office: Office, means: Means) -> tuple[int | None, int | None, int | None]:
    """The ids of account, key and tablet, as `looks` takes them. Refuses one that is not of this office."""
    key_id, tablet_id = means["key_id"], means["tablet_id"]
    if tablet_id is None:
        return _staff_id(session, office, means["staff"], key_id), key_id, None
    if tablet_id not in {row["id"] for row in tablets_of(session, office.id)}:
        raise click.ClickException(f"There is no tablet {tablet_id} in {office.code}.")
    return None, None, tablet_id


def _staff_id(session: Session, office: Office, login: str | None, key_id: int | None) -> int:
    if login is None:
        owners = {key.id: key.staff_id for key in keys_of(session, office.id)}
        if key_id not in owners:
            raise click.ClickException(f"There is no key {key_id} in {office.code}.")
        return owners[key_id]
    found = staff_named(session, login)
    if found is None or found.office_id != office.id:
        raise click.ClickException(f"There is no account {login} in {office.code}.")
    return found.id


def _days(since: Any, until: Any, today: date) -> Days:
    first, last = since.date() if since else today, until.date() if until else today
    if first > last:
        raise click.UsageError("--from must not be after --to.")
    return Days(first, last)


def _answer(session: Session, found: list[Look], days: Days) -> dict[str, Any]:
    by_person: dict[int, list[Look]] = defaultdict(list)
    for look in found:
        for person in look.people:
            by_person[person].append(look)
    known = people(session, by_person)
    lists = [look for look in found if not look.people and look.rows]
    return {
        "from": days.since.isoformat(),
        "to": days.until.isoformat(),
        "looks": len(found),
        "people": [
            {
                "passport_id": person.passport_id,
                "application_no": person.application_no,
                "holder_name": person.holder_name,
                "first": clock.iso(by_person[id_][0].at),
                "last": clock.iso(by_person[id_][-1].at),
                "times": len(by_person[id_]),
                "how": sorted({look.kind for look in by_person[id_]}),
            }
            for id_, person in known.items()
        ],
        "lists": [{"at": clock.iso(look.at), "how": look.kind, "rows": look.rows} for look in lists],
    }


def _lines(answer: dict[str, Any]) -> str:
    lines = [f"{answer['looks']} looks from {answer['from']} to {answer['to']}, {len(answer['people'])} people:"]
    lines += [
        f"  {row['application_no']}  {row['holder_name']}  {row['first']} to {row['last']}, "
        f"{row['times']} times: {', '.join(row['how'])}"
        for row in answer["people"]
    ]
    lines += [f"  a list of {row['rows']} rows at {row['at']}: {row['how']}" for row in answer["lists"]]
    return "\n".join(lines)


commands = [privacy]
