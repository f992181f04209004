"""How a command names its office: by its code, else it is the first one. Only the keys of the table are named here."""

from collections.abc import Callable
from typing import Any, NamedTuple

import click
from sqlalchemy import Integer, String, column, select, table

from ampera import db

_OFFICES = table("offices", column("id", Integer), column("code", String))


class OfficeKey(NamedTuple):
    """An office, as commands need it."""

    id: int
    code: str


def of_office(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--office", metavar="CODE", help="Default: the first office.")(command)


def named_office(code: str | None) -> OfficeKey:
    """The office with this code, or the first one. Ends the command when there is none."""
    query = select(_OFFICES.c.id, _OFFICES.c.code).order_by(_OFFICES.c.id).limit(1)
    with db.reading() as session:
        row = session.execute(query if code is None else query.where(_OFFICES.c.code == code)).one_or_none()
    if row is None:
        raise click.ClickException("There is no office yet." if code is None else f"There is no office {code}.")
    return OfficeKey(*row)
