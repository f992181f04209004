"""The outbox: notices are written in the transaction that causes them. Background tasks send them later."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from ampera.db import Base, Unit
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Notice
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.sql.statements import ColumnSelect, Write, upsert


class NoticeDraft(NamedTuple):
    """A notice to the applicants of one pickup.

    `facts` are counts, days and times, and `passports` when the notice concerns only some books. A second notice with
    the same `once` is not written. The notice does not leave before `due_at`.
    """

    pickup_id: int
    facts: dict[str, Any]
    once: str | None = None
    due_at: datetime | None = None


def write(unit: Unit, office_id: int, kind: str, drafts: Iterable[NoticeDraft]) -> None:
    """Write notices of one kind, in one statement, unless the office does not send this kind.

    Each address gets a notice once. The key is the code generation for `ready` and `reissued`, else `once`, else the
    facts (see `recipients.once_of`).
    """
    rows = [
        {**draft._asdict(), "office_id": office_id, "kind": kind, "state": "waiting", "created_at": unit.at}
        for draft in drafts
    ]
    if not rows or not _is_enabled(unit.conn, office_id, kind):
        return
    insert_new(unit.conn, Notice, rows)
    unit.emit(NoticesWritten())


def insert_new(conn: Connection, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert these rows, except rows whose `once` exists already."""
    if rows:
        _insert_new(table).run_all(conn, rows)


def _is_enabled(conn: Connection, office_id: int, kind: str) -> bool:
    return kind in option(_OPTIONS.first(conn, office=office_id) or {}, "notice_kinds")


@cache
def _insert_new(table: type[Base]) -> Write:
    return Write(upsert(table, ["once"]))


_OPTIONS = ColumnSelect(select(Office.options).where(Office.id == bindparam("office")))
