"""PostgreSQL: copied with pg_dump, brought back with pg_restore and psql, proved in a scratch database.

No password is an argument of a program, and nothing needs an administrator of the server: only the product's own tables
are dumped, without their owner and grants, and extensions of the administrator stay what they are.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ampera import clock
from ampera.db import Database
from ampera.installation import private_files
from ampera.tools.backups import proof_service
from ampera.tools.backups.archive_service import BLOCK, BackupError, Manifest

# What a restore leaves out: it belongs to the administrator of the server, or is there already.
FOREIGN = re.compile(r"^\d+; \d+ \d+ (COMMENT - )?(EXTENSION|SCHEMA) ")
EXTENSION = re.compile(r"^\d+; \d+ \d+ EXTENSION - (\S+)", re.MULTILINE)
PLAIN = ("--no-owner", "--no-privileges", "--no-comments", "--no-publications", "--no-subscriptions")
PROVING = 0x616D70726F6F  # the advisory lock of a proof: one at a time on a database
NO_RIGHT = "42501"  # PostgreSQL's code for a missing right
SHOWN = 200


class Unproved(BackupError):
    """The archive is written, but its proof could not be tried. The text gives the reason and the way out."""


def dump(database: Database, content: IO[bytes]) -> Manifest:
    """Write a dump of this moment; returns what its manifest says of it. Raises BackupError."""
    made_at = clock.iso(clock.now())
    with database.long_reader.connect() as conn:
        snapshot, schema = conn.execute(_SNAPSHOT).one()
        found = {**proof_service.facts(conn), "extensions": conn.scalars(_EXTENSIONS).all()}
        options = ("--format=custom", *PLAIN, f"--schema={schema}", f"--snapshot={snapshot}")
        with _started("pg_dump", database, *options, "--dbname", _libpq(database)) as program:
            _flow(program.stdout, content)
    return {"made_at": made_at, **found}


def load(database: Database, copy: Path, manifest: Manifest) -> None:
    """Replace the product's tables in one transaction: an archive that fails half-way changes nothing.

    Tables that the archive does not know, of a later version, go as well: an upgrade makes them again.
    """
    contents = _run("pg_restore", "--list", str(copy))
    listed, before = copy.with_suffix(".list"), copy.with_suffix(".sql")
    listed.write_text("".join(f"{line}\n" for line in contents.splitlines() if not FOREIGN.search(line)))
    with database.long_reader.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        _add_extensions(conn, {*EXTENSION.findall(contents), *manifest.get("extensions", ())})
        before.write_text("".join(f"DROP TABLE IF EXISTS {name} CASCADE;\n" for name in conn.scalars(_OWN_TABLES)))
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--use-list", str(listed), "--file=-")
    script = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={before}", "--file=-")
    # An error of pg_restore ends psql by force: at the end of its input it would commit what it has got so far.
    with (
        _started("psql", database, *script, "--output=/dev/null", "--dbname", _libpq(database)) as psql,
        suppress(BrokenPipeError),  # psql has ended with an error, which is its own to report
        _started("pg_restore", None, *options, str(copy)) as restored,
    ):
        _flow(restored.stdout, psql.stdin)


@contextmanager
def scratch(database: Database) -> Iterator[Database]:
    """An empty database beside this one, dropped afterwards. Raises Unproved when the role may not make one."""
    with database.long_reader.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        if not conn.scalar(_LOCK, {"key": PROVING}):
            raise Unproved("Another proof works on this database. Try again when it has ended.")
        name = f"{conn.scalar(text('SELECT current_database()'))[:40]}_backup_proof"
        try:
            conn.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # of a proof that was cut off
            conn.exec_driver_sql(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        except DBAPIError as error:
            raise Unproved(_why_no_scratch(database, error)) from error
        copy = Database(database.url.set(database=name).render_as_string(hide_password=False))
        try:
            yield copy
        finally:
            copy.dispose()
            with suppress(SQLAlchemyError):  # a connection that was lost meanwhile: the next proof drops it
                conn.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
                conn.scalar(_UNLOCK, {"key": PROVING})


def _why_no_scratch(database: Database, error: DBAPIError) -> str:
    if getattr(error.orig, "sqlstate", "") != NO_RIGHT:
        return f"The scratch database for the proof cannot be made ({type(error.orig).__name__})."
    may = f"the role may not make a scratch database. Allow it: ALTER ROLE {database.url.username or 'NAME'} CREATEDB"
    return f"No proof: {may}; or verify the archive on another server (docs/operate/backup.md)."


def _add_extensions(conn: Connection, names: set[str]) -> None:
    """The trusted ones, which the owner of a database may add. Others are an administrator's business."""
    for name in sorted(names & set(conn.scalars(_TRUSTED))):
        with suppress(SQLAlchemyError):  # pg_restore names what it then lacks
            conn.exec_driver_sql(f'CREATE EXTENSION IF NOT EXISTS "{name}"')


def _libpq(database: Database) -> str:
    """The address without its password: every user of the machine sees the arguments of a program."""
    url = database.url._replace(drivername="postgresql", password=None).difference_update_query(["password"])
    return url.render_as_string(hide_password=False)


def _run(name: str, *arguments: str) -> str:
    with _started(name, None, *arguments) as program:
        return program.stdout.read().decode()  # type: ignore[union-attr]


@contextmanager
def _started(name: str, database: Database | None, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of PostgreSQL with nothing of this installation's environment. Raises BackupError when it fails."""
    if shutil.which(name) is None:
        raise BackupError(f"{name} is missing: install PostgreSQL's client programs (postgresql-client).")
    environ = private_files.child_environment() | _password(database)
    with tempfile.TemporaryFile() as errors:
        program = subprocess.Popen(
            [name, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environ
        )
        try:
            yield program
            _end_input(program)
            code = program.wait()
        finally:
            program.kill()
            program.wait()
            _end_input(program)
            program.stdout.close()  # type: ignore[union-attr]
        if code:
            errors.seek(0)
            raise BackupError(f"{name} failed: {_reason(errors.read().decode(errors='replace'))}")


def _flow(source: IO[bytes] | None, target: IO[bytes] | None) -> None:
    if source and target:
        shutil.copyfileobj(source, target, BLOCK)


def _end_input(program: subprocess.Popen[bytes]) -> None:
    with suppress(BrokenPipeError):
        program.stdin.close()  # type: ignore[union-attr]


def _password(database: Database | None) -> dict[str, str]:
    password = database and (database.url.password or database.url.query.get("password", ""))
    return {"PGPASSWORD": str(password)} if password else {}


def _reason(stderr: str) -> str:
    """The first error of the program, without a value that it quotes. Its further lines may quote rows."""
    first = next((line for line in stderr.splitlines() if "error:" in line.lower()), "the server's log says why")
    return re.split(r"error:\s+", first, flags=re.IGNORECASE)[-1].partition(': "')[0][:SHOWN]


_LOCK = text("SELECT pg_try_advisory_lock(:key)")
_UNLOCK = text("SELECT pg_advisory_unlock(:key)")
_SNAPSHOT = text("SELECT pg_export_snapshot(), current_schema()")
_EXTENSIONS = text("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1")
_TRUSTED = text("SELECT DISTINCT name FROM pg_available_extension_versions WHERE trusted")
_OWN_TABLES = text(
    "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
    " AND c.relnamespace = current_schema()::regnamespace AND c.relowner = current_user::regrole"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
    " AND d.deptype = 'e')"
)
