"""Backups: one archive with the database and a manifest. Secrets are not in it and must be kept elsewhere.

The server may work while one is made. A proof restores the archive where nobody works with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ampera import migrate
from ampera.db import Database
from ampera.installation import server_lock
from ampera.tools.backups import archive_service, postgres_service, proof_service, sqlite_service
from ampera.tools.backups.archive_service import BackupError as BackupError
from ampera.tools.backups.archive_service import Manifest
from ampera.tools.backups.postgres_service import Unproved as Unproved


def create(database: Database, out: Path) -> None:
    """Write the archive. Raises BackupError. `verify` proves it."""
    copy_to = sqlite_service.copy if database.is_sqlite else postgres_service.dump
    archive_service.write(out, database.url.get_backend_name(), lambda content: copy_to(database, content))


def verify(database: Database, file: Path, identity: Path | None = None) -> Manifest:
    """Restore the archive into a scratch database, prove it there, and return its manifest with the proof.

    The scratch of PostgreSQL is made on the server of `database`. `identity` is the file with the key of an encrypted
    archive. Raises BackupError, and Unproved when no proof could be tried.
    """
    with archive_service.unpacked(file, identity) as (copy, manifest):
        if manifest["database"] == "postgresql":
            _need_postgres(database)
        with _restored(database, copy, manifest) as scratch:
            return manifest | proof_service.prove(scratch, manifest)


@contextmanager
def _restored(database: Database, copy: Path, manifest: Manifest) -> Iterator[Database]:
    if manifest["database"] == "postgresql":
        with postgres_service.scratch(database) as scratch:
            postgres_service.load(scratch, copy, manifest)
            yield scratch
        return
    scratch = Database(f"sqlite:///{copy}")
    try:
        yield scratch
    finally:
        scratch.dispose()


def restore(database: Database, file: Path, identity: Path | None = None) -> Path | None:
    """Replace the database by the archive. Returns the path of the SQLite file that was there, which is kept.

    Raises BackupError, also while a server works with the database: what it confirms meanwhile would be lost.
    """
    with archive_service.unpacked(file, identity) as (copy, manifest):
        if manifest["database"] != database.url.get_backend_name():
            kind = manifest["database"]
            raise BackupError(f"This is a backup of {kind}, AMPERA_DATABASE_URL names another database.")
        if manifest["revision"] > migrate.newest():
            raise BackupError("This backup was made by a newer version. Install that version, then restore.")
        try:
            with server_lock.alone(database):
                return _put_in_place(database, copy, manifest)
        except server_lock.InUse:
            raise BackupError(
                "A server works with this database. Stop it first: what it confirms would be lost."
            ) from None


def _put_in_place(database: Database, copy: Path, manifest: Manifest) -> Path | None:
    if database.is_sqlite:
        database.dispose()
        return sqlite_service.put_in_place(copy, Path(database.url.database or ""))
    postgres_service.load(database, copy, manifest)
    with database.long_reader.connect() as conn:
        proof_service.compare(conn, manifest)
    return None


def _need_postgres(database: Database) -> None:
    if database.is_sqlite:
        raise BackupError("This is a backup of postgresql: set AMPERA_DATABASE_URL to a database of a server for it.")
