"""The database's shape: Alembic migrations, used directly; `upgrade` brings any database to the newest one.

Files are named `NNNN_what.py`, and the number is the revision.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from ampera.db import Base, Database
from ampera.history import immutability
from ampera.installation import private_files, upgrade_service
from ampera.installation.upgrade_service import CannotUpgrade as CannotUpgrade
from ampera.migrations import word_triggers

FOLDER = Path(__file__).parent / "migrations"
REVISION = text("SELECT version_num FROM alembic_version")
TURN = 0x616D7065  # the advisory lock of PostgreSQL for migrations: two that start together go one after the other


class Shape(Enum):
    """What a database is to this version of the program; the value says what to do."""

    NONE = "There is no database of this product yet. Make one: ampera init --office CODE --name NAME"
    OLDER = "The database lacks migrations of this version: run 'ampera init'. All data stays."
    CURRENT = "All are there."
    NEWER = (
        "The database belongs to a newer version of the program. Install that version, or bring back the copy from "
        "before its upgrade: docs/operate/upgrade.md, 'Back again'."
    )


class NewerDatabase(CannotUpgrade):
    """This program is older than the database, and must not touch it."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to this version. Of two that start together one waits for the other.

    A SQLite file with tables is copied before. Raises CannotUpgrade, as NewerDatabase when it is of a later version.
    """
    _make_room(database)
    if not database.is_sqlite or not database.url.database:
        _run(database, "upgrade", revision)
        return
    file = Path(database.url.database)
    with upgrade_service.turn(file):
        if is_older(database):
            with database.long_reader.connect() as conn:
                upgrade_service.keep_copy(file, conn.scalar(REVISION))
        _run(database, "upgrade", revision)


def ensure(database: Database) -> None:
    """Upgrade unless it is current: cheap to call at every start."""
    _make_room(database)
    with database.reader.connect() as conn:
        if is_current(conn):
            return
    upgrade(database)


def downgrade(database: Database, revision: str) -> None:
    _run(database, "downgrade", revision)


def newest() -> str:
    """The revision of the newest migration: the number its file's name begins with."""
    return max(file.stem.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def shape(conn: Connection) -> Shape:
    """How this database and this version fit. Asked often by a server, which never loads Alembic."""
    if not inspect(conn).has_table("alembic_version"):
        return Shape.NONE
    found = conn.scalar(REVISION)
    if found is None:
        return Shape.NONE
    return Shape.CURRENT if found == newest() else Shape.NEWER if found > newest() else Shape.OLDER


def is_older(database: Database) -> bool:
    """Whether there is a database, and it lacks migrations of this version."""
    if database.is_sqlite and not Path(database.url.database or "").exists():
        return False
    # A connection of its own: one that was open before the upgrade describes the tables as they were.
    with database.long_reader.connect() as conn:
        return shape(conn) is Shape.OLDER


def is_current(conn: Connection) -> bool:
    """Whether this database has every migration of this version and no later one."""
    return shape(conn) is Shape.CURRENT


def all_tables() -> Any:
    """The metadata with every slice's models loaded."""
    import ampera.accounts.models
    import ampera.audit
    import ampera.bookings.models
    import ampera.desk.closing.models
    import ampera.handovers.models
    import ampera.notices.models
    import ampera.offices.models
    import ampera.passports.corrections.models
    import ampera.passports.models
    import ampera.passports.search.models
    import ampera.pickups.models
    import ampera.reports.persons.models
    import ampera.survey.models
    import ampera.visits.models  # noqa: F401

    return Base.metadata


def _make_room(database: Database) -> None:
    """Make the empty file of a SQLite database, readable by its owner only. Nothing else makes one.

    A file that is there is not opened: closing it would end the locks that SQLite holds on it in this process. Another
    process would then take itself for the last one, and delete the journal that this one goes on to write.
    """
    if database.is_sqlite and database.url.database:
        file = Path(database.url.database)
        private_files.make_folder(file.parent)
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, private_files.FILE))


@contextmanager
def _writing(database: Database) -> Iterator[Connection]:
    """One transaction. On SQLite without checks of foreign keys until its end: a table that is rebuilt is missing
    for a moment, and SQLite switches the checks only outside a transaction.
    """
    with database.writer.connect() as conn:
        if not database.is_sqlite:
            with conn.begin():
                yield conn
            return
        driver: Any = conn.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with conn.begin():
                before = _broken_references(conn)
                yield conn
                if _broken_references(conn) - before:
                    raise RuntimeError("The migration would leave rows without the rows that they refer to.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _broken_references(conn: Connection) -> set[tuple[Any, ...]]:
    """Table, row and missing parent. What was broken before does not stop an upgrade."""
    return {(row[0], row[1], row[2]) for row in conn.execute(text("PRAGMA foreign_key_check"))}


def _run(database: Database, action: str, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    _make_room(database)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with _writing(database) as conn:
        if not database.is_sqlite:
            conn.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        if shape(conn) is Shape.NEWER:
            raise NewerDatabase(Shape.NEWER.value)
        config.attributes["connection"] = conn
        immutability.remove(conn)  # a migration may fill columns of old rows; nothing else may
        word_triggers.remove(conn)
        getattr(command, action)(config, revision)
        word_triggers.install(conn)
        immutability.install(conn)
