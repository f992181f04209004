"""How the database finds the rows of a page: the plan of each statement, and the large tables that it reads whole."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event

from ampera.db import Database

LARGE = {"passports", "pickups", "pickup_codes", "visits", "visit_pickups", "scans", "calls", "handovers", "audit"}
LARGE |= {"handover_keys", "book_words"}
_WHOLE = {"sqlite": re.compile(r"^SCAN (\w+)$"), "postgresql": re.compile(r"Seq Scan on (\w+)")}
_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


@dataclass(frozen=True)
class Plan:
    """One statement of a page. `whole` are the large tables of which every row is read."""

    work: str
    statement: str
    lines: list[str]
    whole: list[str]


def plans(database: Database, work: str, page: Callable[[], object]) -> list[Plan]:
    """The plans of what `page` reads, in the order of the statements."""
    seen: dict[str, Any] = {}

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, *_context: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.setdefault(statement, parameters)

    engines = {database.reader, database.writer, database.long_reader}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        page()
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    with database.long_reader.connect() as conn:
        return [_plan(conn, work, statement, parameters) for statement, parameters in seen.items()]


def _plan(conn: Connection, work: str, statement: str, parameters: Any) -> Plan:
    name = conn.dialect.name
    found = conn.exec_driver_sql(_EXPLAIN[name] + statement, parameters)
    lines = [str(row[-1] if name == "sqlite" else row[0]) for row in found]
    whole = {match[1] for line in lines if (match := _WHOLE[name].search(line.strip()))}
    return Plan(work, " ".join(statement.split()), lines, sorted(whole & LARGE))
