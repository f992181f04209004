"""A database that is missing, older, newer or full is named as such; nothing is made or changed by a look."""

import secrets
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from ampera import create_app, db, migrate
from ampera.cli.group import commands
from ampera.monitoring import health
from ampera.tools.upkeep.doctor import examine
from tests.conftest import SECRETS, settings_for

QUESTIONS = [
    ["audit", "verify"],
    ["backup", "create"],
    ["doctor"],
    ["office", "show"],
    ["user", "disable", "petugas"],
    ["pickup", "reissue", "--yes"],
]


def run(folder, *arguments):
    """The command in a process without a database setting of its own but the instance folder."""
    environ = {**SECRETS, "AMPERA_INSTANCE": str(folder)}
    return CliRunner().invoke(commands, arguments, env=environ)


@pytest.mark.parametrize("arguments", QUESTIONS, ids=" ".join)
def test_command_without_a_database_makes_none_and_names_init(tmp_path, arguments):
    done = run(tmp_path / "instance", *arguments)
    assert done.exit_code == 1, done.output
    assert "ampera init" in done.output
    assert "Traceback" not in done.output and isinstance(done.exception, SystemExit)
    assert not (tmp_path / "instance" / "ampera.db").exists()


@pytest.mark.parametrize("arguments", [*QUESTIONS, ["--help"], ["doctor", "--settings"]], ids=" ".join)
def test_secrets_are_not_made_without_a_database(tmp_path, arguments):
    CliRunner().invoke(commands, arguments, env={"AMPERA_INSTANCE": str(tmp_path / "instance")})
    assert list(tmp_path.rglob("*.json")) == []


def test_production_begins_without_an_account(tmp_path):
    strong = {"AMPERA_SECRET_KEY": secrets.token_urlsafe(48), "AMPERA_CODE_KEYS": f"k1:{secrets.token_hex(32)}"}
    environ = {**strong, "AMPERA_INSTANCE": str(tmp_path), "AMPERA_ENV": "production"}
    made = CliRunner().invoke(commands, ["init", "--office", "PLG", "--timezone", "Asia/Jakarta"], env=environ)
    assert made.exit_code == 0, made.output
    refused = CliRunner().invoke(commands, ["demo"], env=environ)
    assert refused.exit_code == 1 and "production has no demo" in refused.output
    with sqlite3.connect(tmp_path / "ampera.db") as database:
        assert database.execute("SELECT count(*) FROM staff").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM offices").fetchone() == (1,)
    database.close()


def test_lost_secrets_are_not_made_again_by_the_doctor(tmp_path):
    environ = {"AMPERA_INSTANCE": str(tmp_path)}
    CliRunner().invoke(commands, ["init", "--office", "PLG"], env=environ)
    before = (tmp_path / "secrets.json").read_text()
    CliRunner().invoke(commands, ["doctor"], env=environ)
    assert (tmp_path / "secrets.json").read_text() == before
    (tmp_path / "secrets.json").unlink()
    done = CliRunner().invoke(commands, ["doctor"], env=environ)
    assert done.exit_code == 1 and not (tmp_path / "secrets.json").exists()


def test_journal_of_a_server_that_made_the_database_outlives_a_command(tmp_path):
    """A file that is closed beside SQLite ends its locks; the next command would delete the journal in use."""
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        migrate.ensure(db.current())
        command = (
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA user_version = 7'); c.close()"
        )
        subprocess.run([sys.executable, "-c", command, db.current().url.database], check=True)
        assert (tmp_path / "ampera.db-wal").exists()
    app.extensions["ampera.db"].dispose()


def test_second_first_office_is_not_passed_over_in_silence(tmp_path):
    run(tmp_path, "init", "--office", "AAA")
    assert "BBB was not made" in run(tmp_path, "init", "--office", "BBB").output
    assert "not made" not in run(tmp_path, "init", "--office", "AAA").output


def test_help_shows_commands_of_the_product_only_and_the_version_is_known(tmp_path):
    shown = run(tmp_path, "--help").output
    assert "doctor" in shown
    assert not [word for word in ("--debug", "--app", "limiter", "openapi") if word in shown]
    assert run(tmp_path, "--version").output == f"ampera, version {version('si-ampera-bertanjak')}\n"


def test_command_names_the_database_that_no_setting_names(monkeypatch, tmp_path):
    monkeypatch.setattr("ampera.settings.INSTANCE", str(tmp_path))
    done = CliRunner().invoke(commands, ["doctor", "--settings"], env={**SECRETS, "AMPERA_INSTANCE": None})
    assert "Database: sqlite:" in done.stderr and "AMPERA_DATABASE_URL)" in done.stderr
    assert "Database:" not in done.stdout


def newer(database):
    with database.writer.begin() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")


def test_older_program_leaves_a_newer_database_alone(app):
    newer(db.current())
    assert "newer version" in health.why_not_ready(app)
    (found,) = [finding for finding in examine(app.extensions["ampera.settings"]) if finding.check == "migrations"]
    assert not found.ok and "newer version" in found.text
    with pytest.raises(migrate.NewerDatabase, match="newer version"):
        migrate.upgrade(db.current())


def test_init_on_a_newer_database_ends_with_a_sentence(app, tmp_path):
    newer(db.current())
    done = app.test_cli_runner().invoke(commands, ["init"])
    assert (done.exit_code, done.stderr) == (1, "Error: " + migrate.Shape.NEWER.value + "\n")


def test_database_without_tables_is_no_traceback(tmp_path):
    (tmp_path / "ampera.db").touch()
    done = run(tmp_path, "audit", "verify")
    assert done.exit_code == 1
    assert "cannot be used" in done.output
    assert "There is no database" in run(tmp_path, "doctor").output


def test_two_first_starts_at_once_make_one_database(cluster, tmp_path):
    url = cluster.new_database()
    both = [db.Database(url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate.upgrade, both))
    with both[0].reader.connect() as conn:
        assert migrate.is_current(conn)
    for database in both:
        database.dispose()


def test_server_on_a_full_disk_is_not_ready(app, monkeypatch):
    assert health.why_not_ready(app) == ""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1_000_000))
    assert "disk is full" in health.why_not_ready(app)


def test_server_before_init_names_init(tmp_path):
    app = create_app(settings_for(tmp_path))
    assert "ampera init --office" in health.why_not_ready(app)
    assert not (tmp_path / "ampera.db").exists()
