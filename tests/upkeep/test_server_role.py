"""Two roles of PostgreSQL: the one that serves does the day's work, and can neither touch the history nor own."""

import os
import re
import subprocess

import httpx
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from ampera import audit, create_app, db
from ampera.cli.group import commands
from ampera.settings import PROJECT
from tests import builders
from tests.conftest import SERVER_SECRETS, settings_for
from tests.handovers import steps

on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
ROLE = "ampera_server"
DENIED = r"permission denied|must be owner"
FORBIDDEN = (
    "DELETE FROM audit",
    "UPDATE audit SET action = 'x'",
    "UPDATE signatures SET sha256 = 'x'",
    "DELETE FROM handovers",
    "DROP TRIGGER keep_audit_update ON audit",
    "ALTER TABLE audit DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "TRUNCATE audit",
    "DROP TABLE audit",
    "CREATE TABLE mine (n integer)",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "UPDATE alembic_version SET version_num = 'x'",
)


def grant(app, role=ROLE):
    return app.test_cli_runner(catch_exceptions=False).invoke(commands, ["database", "server-role", role])


@pytest.fixture
def role(app, cluster):
    """A role without rights, which goes with its rights."""
    owner = create_engine(cluster.new_database(), isolation_level="AUTOCOMMIT")
    with owner.connect() as conn:
        conn.execute(text(f"DROP ROLE IF EXISTS {ROLE}"))
        conn.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
    yield ROLE
    with db.current().writer.begin() as conn:
        conn.execute(text(f"DROP OWNED BY {ROLE}"))
    with owner.connect() as conn:
        conn.execute(text(f"DROP ROLE {ROLE}"))
    owner.dispose()


@on_postgresql
def test_role_of_the_server_does_a_day_s_work_and_cannot_touch_the_history(app, database, role, tmp_path):
    done = grant(app)
    assert done.exit_code == 0 and done.output.count(";") > 8, done.output
    served = create_app(settings_for(tmp_path, DATABASE_URL=database.replace("postgres@", f"{role}@")))
    with served.app_context():
        audit.open_history(audit.command())
        _, code = builders.ready(1)
        officer = builders.signed_in(served, "officer")
        visit = steps.serving(officer, code)
        answer = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(1, 1)))
        assert answer.status_code == 201, answer.get_json()
        for statement in FORBIDDEN:
            with (
                pytest.raises(ProgrammingError, match=DENIED),
                db.current().writer.begin() as conn,
            ):
                conn.execute(text(statement))
        with db.current().reader.connect() as conn:
            assert conn.execute(text("SELECT count(*) FROM handovers")).scalar_one() == 1
    served.extensions["ampera.db"].dispose()


@on_postgresql
@pytest.mark.true_time
def test_server_starts_and_is_ready_with_this_role(app, database, role, new_server, tmp_path):
    grant(app)
    url = database.replace("postgres@", f"{role}@")
    folder = tmp_path / "served"
    folder.mkdir()
    with new_server(folder, DATABASE_URL=url, **SERVER_SECRETS) as server:
        assert httpx.get(f"{server.url}/readyz").status_code == 200
        assert httpx.get(f"{server.url}/login").status_code == 200
    assert "permission denied" not in server.log and "a task failed" not in server.log


@on_postgresql
def test_table_of_a_later_version_is_open_to_the_server_too(app, database, role):
    grant(app)
    with db.current().writer.begin() as conn:
        conn.execute(text("CREATE TABLE of_tomorrow (id serial PRIMARY KEY, word text)"))
    engine = create_engine(database.replace("postgres@", f"{role}@"))
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO of_tomorrow (word) VALUES ('x')"))
    engine.dispose()


@on_postgresql
def test_file_of_compose_makes_the_role_and_renews_the_password(app, cluster, database, role):
    file = PROJECT / "docs/operate/files/postgresql/server-role.sql"
    where = re.sub(r".*\?host=", "", database)
    command = ["psql", "-X", f"--host={where}", "--username=postgres", "--dbname=postgres", f"--file={file}"]
    for password in ("first'; DROP", "second"):
        done = subprocess.run(command, env={**os.environ, "SERVER_PASSWORD": password}, capture_output=True, text=True)
        assert done.returncode == 0 and done.stdout.endswith("ALTER ROLE\n"), done.stderr
    with db.current().reader.connect() as conn:
        found = conn.execute(
            text(f"SELECT rolcanlogin, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = '{role}'")
        )
        assert found.one() == (True, False, False)


@on_postgresql
@pytest.mark.parametrize(("name", "sentence"), [("nobody_here", "no such role"), ("postgres", "is a superuser")])
def test_role_that_cannot_be_bounded_is_refused(app, name, sentence):
    done = grant(app, name)
    assert done.exit_code == 1 and sentence in done.output


def test_sqlite_has_no_roles(app):
    done = grant(app)
    assert done.exit_code == 1 and "SQLite has no roles" in done.output
