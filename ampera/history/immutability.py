"""Triggers of the database that keep the history: no program changes or deletes a row of it, this product included.

They are made from the tables as they are, after every migration: a column of tomorrow is protected as well. Only
`ampera keys rotate data` lifts one, to encrypt what stays the same. A person who owns the database can drop them;
`missing` finds that, and the keyed chain shows what was changed meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, inspect, text

# The columns that one statement may write once, from null to a value: the void of a record.
ONCE = {"handovers": ("voided_at", "voided_by_id", "voided_by_name", "void_reason", "void_shelf")}
FROZEN = ("audit", "handovers", "signatures", "closed_days")
HEADS = "audit_heads"  # a head moves forward with its chain
PREFIX = "keep_"
FUNCTION = "ampera_keep"


def install(conn: Connection) -> None:
    """Make the triggers of every table of the history that exists, in the transaction of `conn`."""
    remove(conn)
    if conn.dialect.name == "postgresql":
        conn.execute(text(_FUNCTION))
    for statement in _expected(conn).values():
        conn.execute(text(statement))


def remove(conn: Connection) -> None:
    """Drop the triggers: only a migration may do that, for the time of its transaction."""
    for name, (table, _) in _present(conn).items():
        suffix = f" ON {table}" if conn.dialect.name == "postgresql" else ""
        conn.execute(text(f"DROP TRIGGER {name}{suffix}"))


@contextmanager
def updates_of(conn: Connection, table: str) -> Iterator[None]:
    """Let this transaction encrypt rows of a table again. Their plain values, which the chain covers, stay the same."""
    name = f"{PREFIX}{table}_update"
    if table not in FROZEN:
        yield
        return
    suffix = f" ON {table}" if conn.dialect.name == "postgresql" else ""
    conn.execute(text(f"DROP TRIGGER {name}{suffix}"))
    yield
    conn.execute(text(_expected(conn)[name]))


def missing(conn: Connection) -> list[str]:
    """The triggers that are not there, not enabled, or not as this product made them."""
    present = _present(conn)
    wrong = [name for name, made in _expected(conn).items() if present.get(name, ("", ""))[1] != made]
    if conn.dialect.name == "postgresql" and conn.execute(_BODY).scalar() != _FUNCTION_BODY:
        wrong.append(FUNCTION)
    return sorted(wrong)


def _expected(conn: Connection) -> dict[str, str]:
    """The statements that make the triggers, by the name of the trigger."""
    make = _on_postgresql if conn.dialect.name == "postgresql" else _on_sqlite
    there = set(inspect(conn).get_table_names())
    found: dict[str, str] = {}
    for table in (*FROZEN, HEADS):
        if table in there:
            found.update(make(conn, table))
    return found


def _on_sqlite(conn: Connection, table: str) -> Iterator[tuple[str, str]]:
    """An INSERT OR REPLACE deletes without firing a DELETE trigger, hence the third one."""
    columns = [column["name"] for column in inspect(conn).get_columns(table)]
    changed = _may_not_change(table, columns)
    for event, when in (("UPDATE", changed), ("DELETE", "1"), ("INSERT", _is_taken(table))):
        name = f"{PREFIX}{table}_{event.lower()}"
        yield (
            name,
            (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when}"
                f" BEGIN SELECT RAISE(ABORT, '{table} keeps the history: {event} is refused'); END"
            ),
        )


def _may_not_change(table: str, columns: list[str]) -> str:
    if table == HEADS:
        return "NEW.chain IS NOT OLD.chain OR NEW.seq < OLD.seq"
    once = [name for name in ONCE.get(table, ()) if name in columns]
    if not once:
        return "1"
    kept = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns if name not in once)
    return f"OLD.{once[0]} IS NOT NULL OR NEW.{once[0]} IS NULL OR {kept}"


def _is_taken(table: str) -> str:
    keys = {
        "audit": "id = NEW.id OR (chain = NEW.chain AND seq = NEW.seq)",
        "handovers": "id = NEW.id OR (office_id = NEW.office_id AND number = NEW.number)"
        " OR (passport_id = NEW.passport_id AND voided_at IS NULL AND NEW.voided_at IS NULL)",
        "signatures": "id = NEW.id",
        "closed_days": "id = NEW.id OR (office_id = NEW.office_id AND day = NEW.day)",
        HEADS: "chain = NEW.chain",
    }
    return f"EXISTS (SELECT 1 FROM {table} WHERE {keys[table]})"  # noqa: S608


def _on_postgresql(conn: Connection, table: str) -> Iterator[tuple[str, str]]:
    columns = {column["name"] for column in inspect(conn).get_columns(table)}
    once = [name for name in ONCE.get(table, ()) if name in columns]
    arguments = ", ".join(f"'{name}'" for name in (["seq"] if table == HEADS else once))
    for event, level in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"{PREFIX}{table}_{event.lower()}"
        yield (
            name,
            (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level}"
                f" EXECUTE FUNCTION {FUNCTION}({arguments})"
            ),
        )


def _present(conn: Connection) -> dict[str, tuple[str, str]]:
    """By name: the trigger's table, and the statement that made it; none for a trigger that is not enabled."""
    query = _TRIGGERS_POSTGRESQL if conn.dialect.name == "postgresql" else _TRIGGERS_SQLITE
    return {name: (table, state) for name, table, state in conn.execute(query)}


_TRIGGERS_SQLITE = text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'keep_%'")
_TRIGGERS_POSTGRESQL = text(
    "SELECT t.tgname, c.relname, CASE t.tgenabled WHEN 'O' THEN pg_get_triggerdef(t.oid, true) END"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND t.tgname LIKE 'keep_%' AND pg_table_is_visible(c.oid)"
)
_BODY = text("SELECT prosrc FROM pg_proc WHERE proname = 'ampera_keep'")
_FUNCTION_BODY = """
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0 THEN
        IF TG_ARGV[0] = 'seq' THEN
            IF NEW.chain = OLD.chain AND NEW.seq >= OLD.seq THEN RETURN NEW; END IF;
        ELSIF to_jsonb(OLD) ->> TG_ARGV[0] IS NULL AND to_jsonb(NEW) ->> TG_ARGV[0] IS NOT NULL
            AND (to_jsonb(NEW) - TG_ARGV) = (to_jsonb(OLD) - TG_ARGV) THEN RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% keeps the history: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END
"""
_FUNCTION = f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION_BODY}$$"
