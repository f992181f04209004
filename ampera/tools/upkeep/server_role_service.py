"""The role of PostgreSQL that serves: it reads and writes rows, and owns nothing.

The tables belong to the role that upgrades. A server that was taken over can then drop no trigger of the history,
change no row of it, and make no table or function. Upgrades, restores and `ampera keys rotate data` need the owner.
"""

from sqlalchemy import Connection, text

from ampera.db import Database
from ampera.history.immutability import FROZEN

KEPT = {"handovers": "DELETE"}  # a void fills some columns of a record once, which its trigger watches
UPGRADES_ONLY = "alembic_version"


class NoSuchRole(Exception):
    """The role does not exist, owns the tables, or may do everything."""


def grant(database: Database, role: str) -> list[str]:
    """Give this role what a server needs, and take the rest away; returns the statements.

    The caller is the owner of the tables. Tables of later versions are covered, when the same owner makes them.
    Raises NoSuchRole.
    """
    with database.writer.begin() as conn:
        if problem := _problem(conn, role):
            raise NoSuchRole(problem)
        statements = _statements(conn, role)
        for statement in statements:
            conn.execute(text(statement))
    return statements


def _problem(conn: Connection, role: str) -> str | None:
    found = conn.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = :role"), {"role": role}).first()
    if found is None:
        return "There is no such role. Make it first: CREATE ROLE … LOGIN PASSWORD '…'"
    if found.rolsuper:
        return "This role is a superuser, whom no right can be taken from."
    owned = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tableowner = :role LIMIT 1"
    if conn.execute(text(owned), {"role": role}).first():
        return "This role owns the tables. The server needs another one, and AMPERA_DATABASE_URL names it."
    return None


def _statements(conn: Connection, role: str) -> list[str]:
    quote = conn.dialect.identifier_preparer.quote_identifier
    schema = quote(conn.execute(text("SELECT current_schema()")).scalar_one())
    name, to = quote(role), f"TO {quote(role)}"
    rows, numbers = "SELECT, INSERT, UPDATE, DELETE ON", "USAGE, SELECT, UPDATE ON"
    default = f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT"
    return [
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}",
        f"GRANT USAGE ON SCHEMA {schema} {to}",
        f"GRANT {rows} ALL TABLES IN SCHEMA {schema} {to}",
        f"GRANT {numbers} ALL SEQUENCES IN SCHEMA {schema} {to}",
        f"{default} {rows} TABLES {to}",
        f"{default} {numbers} SEQUENCES {to}",
        f"REVOKE INSERT, UPDATE, DELETE ON {UPGRADES_ONLY} FROM {name}",
        *(f"REVOKE {KEPT.get(table, 'UPDATE, DELETE')} ON {table} FROM {name}" for table in FROZEN),
    ]
