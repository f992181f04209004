"""A SQLite database as it was at one moment, put back between tests while a server goes on using the file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

PATIENCE = 60  # seconds for a lock
# A revoked screen of the last office, which has none of its own.
PLACEHOLDER = """INSERT OR IGNORE INTO devices (id, office_id, kind, name, token_hash, created_at, revoked_at)
    SELECT :id, max(id), 'screen', 'placeholder', 'placeholder', '2020-01-01', '2020-01-01' FROM offices"""


class Snapshot:
    """`restore()` gives every table the rows it had when the snapshot was made, in one transaction."""

    def __init__(self, database: Path) -> None:
        self.database, self.copy = database, database.with_suffix(".snapshot")
        self.copy.unlink(missing_ok=True)
        with self._opened() as connection:
            connection.execute("VACUUM INTO ?", (str(self.copy),))
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self.tables = [name for (name,) in names if name != "alembic_version"]

    def restore(self) -> None:
        with self._opened() as connection:
            connection.execute("ATTACH ? AS kept", (str(self.copy),))
            connection.execute("BEGIN IMMEDIATE")
            triggers = connection.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:  # they keep the history, and each test begins with the first one
                connection.execute(f"DROP TRIGGER main.{name}")
            (revision,) = connection.execute("SELECT max(revision) FROM offices").fetchone()
            (device,) = connection.execute("SELECT max(id) FROM devices").fetchone()
            for table in self.tables:
                connection.execute(f'DELETE FROM main."{table}"')
                connection.execute(f'INSERT INTO main."{table}" SELECT * FROM kept."{table}"')
            # Pages and the server's caches ignore a state whose revision is not newer than the one they know.
            connection.execute("UPDATE offices SET revision = ?", (revision + 1,))
            # The server remembers by its id what each screen has shown: no later screen may get the same id.
            connection.execute(PLACEHOLDER, {"id": device})
            for _, made in triggers:
                connection.execute(made)
            connection.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.database, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=OFF")  # it is put back at each test, and nobody cuts the power
            yield connection
