"""What applicants will be told, written in the transaction that caused it. Sending is another task's work."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Insert, bindparam, select

from ampera.db import Base, Unit, upsert
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Notice
from ampera.offices.models import Office
from ampera.offices.options.defaults import option


class Telling(NamedTuple):
    """One notice of a bulk (see `write`)."""

    pickup_id: int
    facts: dict[str, Any]
    once: str | None = None
    due_at: datetime | None = None


def write(
    unit: Unit,
    office_id: int,
    pickup_id: int,
    kind: str,
    facts: dict[str, Any],
    once: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Tell the people of one pickup, unless their office does not tell this kind or `once` was written before.

    `facts` are counts, days and times, and `passports` when only the people of some books are told. An address hears
    one thing once: of ready and reissued that is one generation of the code, of others `once`, or the facts where
    there is none. Nobody is told before `due_at`.
    """
    write_many(unit, office_id, kind, [Telling(pickup_id, facts, once, due_at)])


def write_many(unit: Unit, office_id: int, kind: str, tellings: Iterable[Telling]) -> None:
    """The same for many pickups of one office: one statement."""
    rows = [
        {**one._asdict(), "office_id": office_id, "kind": kind, "state": "waiting", "created_at": unit.at}
        for one in tellings
    ]
    if not rows or not _is_told(unit.conn, office_id, kind):
        return
    insert_new(unit.conn, Notice, rows)
    unit.emit(NoticesWritten())


def insert_new(conn: Connection, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert what is not there yet: rows whose `once` exists are left out, whoever wrote it."""
    if rows:
        conn.execute(_insert_new(table)[conn.dialect.name], rows)


def _is_told(conn: Connection, office_id: int, kind: str) -> bool:
    return kind in option(conn.scalar(_OPTIONS, {"office": office_id}) or {}, "notice_kinds")


@cache
def _insert_new(table: type[Base]) -> dict[str, Insert]:
    return upsert(table, ["once"])


_OPTIONS = select(Office.options).where(Office.id == bindparam("office"))
