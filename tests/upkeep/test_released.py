"""A database of each released version becomes one of this version with all its rows, on both databases.

The files in `released/` were made by the versions themselves: their demo office, with the secrets of the tests.
"""

import gzip
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from ampera import create_app, db, migrate
from ampera.cli.group import commands
from ampera.installation import upgrade_service
from ampera.installation.server_lock import ServerLock
from ampera.pickups.code_keys.key_queries import unfit_keys
from ampera.pickups.codes import CodeKeys
from ampera.tools.auditing import proof
from tests import intruder
from tests.conftest import settings_for
from tests.upkeep import many_books

FILES = Path(__file__).with_name("released")
VERSIONS = {"1.1.0": "0004", "1.2.0": "0014"}  # a database of 1.0.0 is one of 1.1.0
KEPT = ("SELECT id, number, passport_id, voided_at IS NULL FROM handovers ORDER BY id",)
KEPT += ("SELECT id, application_no, state, shelf FROM passports ORDER BY id",)
KEPT += ("SELECT id, chain, seq, hash FROM audit WHERE seq <= :newest ORDER BY id",)
EVERY = [(kind, version) for kind in ("sqlite", "postgresql") for version in VERSIONS]
BOOKS = 200_000


def unpacked(version: str, kind: str) -> str:
    return gzip.decompress((FILES / f"{version}.{kind}.sql.gz").read_bytes()).decode()


@pytest.fixture
def released(request, tmp_path):
    """The app of this version on the database of a released one."""
    kind, version = request.param
    url = ""
    if kind == "postgresql":
        url = request.getfixturevalue("cluster").new_database()
        name, _, host = url.partition("@/")[2].partition("?host=")
        command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", host, "-U", "postgres", "-o", "/dev/null", name]
        subprocess.run(command, input=unpacked(version, kind), check=True, text=True)
    else:
        with closing(sqlite3.connect(tmp_path / "ampera.db")) as made:
            made.executescript(unpacked(version, kind))
    app = create_app(settings_for(tmp_path, DATABASE_URL=url))
    with app.app_context():
        yield app
    db_of(app).dispose()


def db_of(app) -> db.Database:
    return app.extensions["ampera.db"]


def rows(conn, query, **values):
    return [tuple(row) for row in conn.execute(text(query), values)]


def counted(conn):
    return {name: conn.scalar(text(f"SELECT count(*) FROM {name}")) for name in inspect(conn).get_table_names()}


@pytest.mark.parametrize(
    "released",
    [pytest.param(each, marks=() if each == ("sqlite", "1.1.0") else pytest.mark.proof) for each in EVERY],
    ids=" ".join,
    indirect=True,
)
def test_database_of_a_released_version_keeps_every_row_and_the_proof(released, tmp_path):
    database = db_of(released)
    with database.reader.connect() as conn:
        revision, before = conn.scalar(migrate.REVISION), counted(conn)
        newest = conn.scalar(text("SELECT max(seq) FROM audit"))
        kept = [rows(conn, query, **({"newest": newest} if ":newest" in query else {})) for query in KEPT]
    assert revision in VERSIONS.values() and all(kept)
    migrate.upgrade(database)
    with database.reader.connect() as conn:
        after = counted(conn)
        assert migrate.is_current(conn)
        assert [rows(conn, query, **({"newest": newest} if ":newest" in query else {})) for query in KEPT] == kept
    assert {name: after[name] for name in before if name in after and after[name] < before[name]} == {}
    with db.reading() as session:
        proved = proof.verify(session, is_opened=False)
        assert proved["ok"], proved
        assert unfit_keys(session, CodeKeys.parse(released.extensions["ampera.settings"].code_keys)) == []
    if database.is_sqlite:
        with closing(sqlite3.connect(tmp_path / f"ampera.db.of-{revision}")) as copy:
            assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (revision,)


@pytest.mark.parametrize("released", [("sqlite", "1.2.0")], ids=" ".join, indirect=True)
def test_upgrade_without_room_for_the_copy_is_refused_and_changes_nothing(released, monkeypatch):
    monkeypatch.setattr(upgrade_service, "SPARE_BYTES", 10**18)
    with pytest.raises(migrate.CannotUpgrade, match="too little room"):
        migrate.upgrade(db_of(released))
    with db_of(released).reader.connect() as conn:
        assert conn.scalar(migrate.REVISION) == VERSIONS["1.2.0"]


BOTH = [pytest.param(("sqlite", "1.2.0")), pytest.param(("postgresql", "1.2.0"), marks=pytest.mark.proof)]


@pytest.mark.parametrize("released", BOTH, ids=" ".join, indirect=True)
def test_of_two_upgrades_at_once_one_waits_and_finds_nothing_to_do(released):
    first = db_of(released)
    second = db.Database(first.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate.upgrade, (first, second)))
    with second.reader.connect() as conn:
        assert migrate.is_current(conn)
    second.dispose()


@pytest.mark.parametrize("released", BOTH, ids=" ".join, indirect=True)
def test_init_under_a_running_server_is_refused_and_changes_nothing(released):
    server = ServerLock(db_of(released))
    server.take()
    done = released.test_cli_runner().invoke(commands, ["init"])
    server.release()
    assert done.exit_code == 1 and "Stop it first" in done.stderr
    with db_of(released).reader.connect() as conn:
        assert conn.scalar(migrate.REVISION) == VERSIONS["1.2.0"]


@pytest.mark.proof
@pytest.mark.parametrize("released", EVERY, ids=" ".join, indirect=True)
def test_upgrade_of_many_books_is_measured(released):
    database = db_of(released)
    with intruder.without_triggers() as unit:
        count = many_books.add(unit.conn, BOOKS)
    if not database.is_sqlite:
        with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("VACUUM ANALYZE"))
    began = time.monotonic()
    migrate.upgrade(database)
    print(f"{BOOKS:,} books, {count:,} rows: {time.monotonic() - began:.1f} s")  # seen with -rP
    with database.reader.connect() as conn:
        assert migrate.is_current(conn)
        assert conn.scalar(text("SELECT count(*) FROM passports")) >= BOOKS
