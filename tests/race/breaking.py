"""Takes protections out on purpose, to show that the races are real and that each protection keeps its promise alone.

lock: the write lock of SQLite and the row locks of PostgreSQL; update: the condition of the UPDATE; index: the
unique index. What is out stays out for one test.
"""

import re
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, bindparam, event, text, update
from sqlalchemy.pool import QueuePool

from ampera import db
from ampera.handovers import void_service, writes
from ampera.handovers.models import Handover
from ampera.history import immutability
from ampera.passports.models import Passport
from ampera.reports.persons import service as requests
from ampera.reports.persons.models import PersonRequest
from ampera.sql.engines import sqlite_engine
from ampera.sql.statements import Write
from ampera.visits.models import SupervisorCall, Visit
from ampera.visits.moves import call_service, park_service
from ampera.visits.moves import service as visits
from ampera.visits.supervisor_calls import service as supervisor_calls

INDEXES = ("ux_handovers_live", "ux_visit_pickups_open")
ROW_LOCK = re.compile(r" FOR UPDATE( OF visits)?$")
_THIS = Visit.id == bindparam("v")
# The same statements without a condition that could fail (their parameters must still be used).
UNCONDITIONAL = (
    (
        writes,
        "_COLLECT",
        Write(
            update(Passport)
            .where(Passport.id == bindparam("p"))
            .values(state="collected", collected_at=bindparam("at"), updated_at=bindparam("at"))
        ),
    ),
    (call_service, "_MOVE", Write(update(Visit).where(_THIS, (Visit.state == bindparam("s")) | _THIS))),
    (
        visits,
        "_CLAIM",
        Write(
            update(Visit).where(
                _THIS, (Visit.state == bindparam("s")) | (Visit.claim_staff_id == bindparam("c")) | _THIS
            )
        ),
    ),
    (park_service, "_RESUME", update(Visit).where(_THIS, (Visit.parked_at == bindparam("p")) | _THIS)),
    (void_service, "_VOID", update(Handover).where(Handover.id == bindparam("h"))),
    (requests, "_FIRST", update(PersonRequest).where(PersonRequest.id == bindparam("request"))),
    (supervisor_calls, "_END", update(SupervisorCall).where(SupervisorCall.visit_id == bindparam("v"))),
)


def take_out(app: Flask, monkeypatch: Any, protections: set[str]) -> None:
    """Break the app of one test. What a broken product answers is in no document: nothing checks it."""
    watched: Any = app.wsgi_app
    monkeypatch.setattr(app, "wsgi_app", getattr(watched, "args", (watched,))[-1])
    if "lock" in protections:
        _unlock(app.extensions["ampera.db"], monkeypatch)
    if "update" in protections:
        for module, name, statement in UNCONDITIONAL:
            monkeypatch.setattr(module, name, statement)
    if "index" in protections:
        app.extensions["ampera.db"].write(_drop_indexes)


def _drop_indexes(unit: db.Unit) -> None:
    immutability.remove(unit.conn)  # the triggers are as much a last word as the indexes
    for name in INDEXES:
        unit.conn.execute(text(f"DROP INDEX {name}"))


class WritersAtOnce:
    """Neither a queue of writers nor a transaction: each statement is a change of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def run(self, work: Callable[[Connection], Any], *, is_long: bool) -> Any:
        with self.engine.begin() as conn:
            return work(conn)


def _unlock(database: db.Database, monkeypatch: Any) -> None:
    if database.is_sqlite:
        database.dispose()
        engine = sqlite_engine(database.url, "SELECT 1", QueuePool, pool_size=16)
        monkeypatch.setitem(database.__dict__, "_turns", WritersAtOnce(engine))
    else:
        monkeypatch.setattr(database.throttle, "enter", lambda _office_id: nullcontext())
        for engine in ("_shared", "reader", "writer"):  # those of other tests stay as they are
            database.__dict__.pop(engine, None)
        _forget_row_locks(database.writer)


def _forget_row_locks(engine: Engine) -> None:
    """Read offices and visits without locking them. (The head of the audit chain stays locked: it orders commits.)"""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def unlocked(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
        is_head = "audit_heads" in statement
        return (statement if is_head else ROW_LOCK.sub("", statement)), parameters
