"""Who works with the database: servers share it, a restore wants it alone.

SQLite: a lock on the file `NAME.lock` beside the database, which the system releases when the process ends, however it
ends. PostgreSQL: an advisory lock of the database, held by a connection of its own and taken again after an outage.
Behind a pooler of transactions the lock belongs to one that stays open: a session would be given to somebody else.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from ampera.db import Database
from ampera.installation import private_files

ADVISORY = 0x616D70657261  # "ampera"; one number for every installation, since a lock belongs to one database
SHARED, ALONE = "lock_shared", "lock"
RENEW_SECONDS = 5.0

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class InUse(Exception):
    """Another process holds the database: a running server, or a restore."""


class ServerLock:
    """Held by a server from its start to its end. `renew` keeps it over an outage of PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.file: IO[str] | None = None
        self.connection: Connection | None = None

    def take(self) -> None:
        """Raises InUse while a restore works."""
        if self.database.is_sqlite:
            self.file = _locked(self.database, fcntl.LOCK_SH)
        else:
            self.connection = _connected(self.database, SHARED)

    def release(self) -> None:
        if self.file is not None:
            self.file.close()
        if self.connection is not None:
            _unlock(self.connection)
        self.file = self.connection = None

    def renew(self) -> None:
        """Take the lock again when its connection was lost. Call this every few seconds."""
        if self.database.is_sqlite:
            return
        try:
            if self.connection is None:
                self.connection = _connected(self.database, SHARED)
            self.connection.exec_driver_sql("SELECT 1")
        except (SQLAlchemyError, InUse) as error:
            log.warning("server lock lost", exc_info=error)
            if self.connection is not None:
                with suppress(SQLAlchemyError):
                    self.connection.close()  # its place in the pool is free again
            self.connection = None


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Work on the database that nobody serves. Raises InUse while a server runs; a server cannot start meanwhile."""
    if database.is_sqlite:
        with _locked(database, fcntl.LOCK_EX):
            yield
        return
    connection = _connected(database, ALONE)
    try:
        yield
    finally:
        _unlock(connection)


def _locked(database: Database, kind: int) -> IO[str]:
    file = Path(database.url.database or "")
    private_files.make_folder(file.parent)
    held = os.fdopen(os.open(file.with_name(f"{file.name}.lock"), os.O_RDWR | os.O_CREAT, private_files.FILE), "r+")
    try:
        fcntl.flock(held, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise InUse from None
    return held


def _connected(database: Database, kind: str) -> Connection:
    # READ COMMITTED keeps no snapshot between two statements: the open transaction does not hold up VACUUM.
    level, holder = ("AUTOCOMMIT", "") if database.has_sessions else ("READ COMMITTED", "xact_")
    connection = database.long_reader.connect().execution_options(isolation_level=level)
    if not connection.scalar(text(f"SELECT pg_try_advisory_{holder}{kind}(:key)"), {"key": ADVISORY}):
        connection.close()
        raise InUse
    return connection


def _unlock(connection: Connection) -> None:
    """Unlock before closing: PostgreSQL notices the end of a connection a moment later, when the next may have come."""
    with suppress(SQLAlchemyError):  # a lost connection holds nothing
        connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
    connection.close()
