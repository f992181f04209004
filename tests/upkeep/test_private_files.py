"""Nobody else on the machine can read the installation's files, and no child process learns its secrets."""

import os
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from ampera import db, migrate
from ampera.cli.group import commands
from ampera.installation import private_files
from ampera.passports.imports.reader_process import Reading
from ampera.tools.backups import service as backup_service
from ampera.tools.upkeep.doctor import examine
from tests.conftest import SECRETS

NOBODY = 65534


def modes(folder: Path) -> dict[str, str]:
    """The mode of everything in the folder, and of the folder itself."""
    return {path.name: f"{path.lstat().st_mode & 0o777:03o}" for path in (folder, *folder.rglob("*"))}


def test_all_files_of_a_running_server_are_private(server):
    found = modes(server.instance)
    assert found[server.instance.name] == "700"
    assert set(found.values()) <= {"600", "700"}, found
    assert "ampera.db" in found


@pytest.mark.parametrize("name", ["ampera.db", "ampera.db-wal", "uploads/a.csv", "backups/b.zip", "tls/server.pem"])
def test_open_file_of_an_earlier_version_is_reported_and_closed(app, tmp_path, name):
    instance = tmp_path / "instance"
    file = instance / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x")
    file.chmod(0o644)
    assert file in private_files.open_to_others(instance, None)
    assert file in private_files.tighten(instance, None)
    assert private_files.open_to_others(instance, None) == []
    assert set(modes(instance).values()) <= {"600", "700"}


def test_database_file_outside_the_instance_folder_is_closed_too(tmp_path):
    instance, file = tmp_path / "instance", tmp_path / "elsewhere" / "office.db"
    for folder in (instance, file.parent):
        folder.mkdir(mode=0o700)
    for end in ("", "-wal", "-shm"):
        file.with_name(file.name + end).touch(mode=0o644)
    (file.parent / "not_ours.txt").touch(mode=0o644)
    closed = private_files.tighten(instance, file)
    assert sorted(path.name for path in closed) == ["office.db", "office.db-shm", "office.db-wal"]


def test_link_in_the_folder_is_not_followed(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.touch()
    outside.chmod(0o644)
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o700)
    (instance / "link").symlink_to(outside)
    assert private_files.tighten(instance, None) == []
    assert outside.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("secrets", [SECRETS, {}], ids=["secrets in the environment", "kept secrets"])
@pytest.mark.parametrize("arguments", [["doctor"], ["audit", "verify"], ["user", "disable", "petugas"]], ids=" ".join)
def test_another_user_of_the_machine_is_refused_with_a_sentence(tmp_path, monkeypatch, arguments, secrets):
    (tmp_path / "secrets.json").write_text('{"secret_key": "x", "code_keys": "k1:00"}')
    tmp_path.chmod(0)
    monkeypatch.chdir("/")
    os.seteuid(NOBODY if os.geteuid() == 0 else os.geteuid())
    try:
        done = CliRunner().invoke(commands, arguments, env={**secrets, "AMPERA_INSTANCE": str(tmp_path)})
    finally:
        os.seteuid(os.getuid())
        tmp_path.chmod(0o700)
    assert done.exit_code in (1, 2) and isinstance(done.exception, SystemExit)
    assert "run as that user" in done.output + done.stderr


def test_doctor_names_a_file_that_is_open_to_others(app, tmp_path):
    settings = app.extensions["ampera.settings"]
    private_files.tighten(settings.instance, settings.database_file)
    settings.database_file.chmod(0o640)
    (found,) = [finding for finding in examine(settings) if finding.check == "files"]
    assert not found.ok
    assert str(settings.database_file) in found.text


def test_backup_is_private_from_the_first_byte(app, tmp_path):
    before = os.umask(0)
    try:
        backup_service.create(db.current(), tmp_path / "b.zip")
        backup_service.restore(db.current(), tmp_path / "b.zip")
    finally:
        os.umask(before)
    restored = Path(db.current().url.database)
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o777 for path in restored.parent.glob("ampera.db*")} == {0o600}


def test_reader_of_an_uploaded_file_knows_no_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("AMPERA_SECRET_KEY", "a secret of the server")
    upload = tmp_path / "upload.csv"
    upload.write_text("nama;tanggal lahir\n")
    with upload.open("rb") as content:
        reading = Reading(content, tmp_path / "rows", date(2026, 11, 24))
        environ = Path(f"/proc/{reading.process.pid}/environ").read_bytes()
        reading.process.kill()
        reading.process.wait()
        reading.process.stdout.close()
    assert b"AMPERA_" not in environ


def test_password_of_the_database_is_no_argument_of_a_program(tmp_path, cluster, monkeypatch):
    """Every user of a machine can list the arguments of its processes."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore"):
        wrapper = programs / name
        wrapper.write_text(
            f'#!/bin/sh\necho "$@" >>{tmp_path}/arguments\nenv >>{tmp_path}/environ\n'
            f'exec {cluster.programs}/{name} "$@"\n'
        )
        wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("AMPERA_SECRET_KEY", "a secret of the server")
    url = cluster.new_database().replace("postgres@", "postgres:geheim@")
    database = db.Database(url)
    migrate.upgrade(database)
    backup_service.create(database, tmp_path / "b.zip")
    backup_service.restore(database, tmp_path / "b.zip")
    database.dispose()
    assert "geheim" not in (tmp_path / "arguments").read_text()
    assert "PGPASSWORD=geheim" in (tmp_path / "environ").read_text()
    assert "AMPERA_" not in (tmp_path / "environ").read_text()
