"""A restore and a server exclude each other, and a restore leaves a whole database whenever it ends."""

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from ampera import db, migrate
from ampera.installation.server_lock import InUse, ServerLock, alone
from ampera.tools.backups import service as backup_service
from tests import builders


def restore(file: Path) -> Path | None:
    return backup_service.restore(db.current(), file)


def test_restore_under_a_running_server_is_refused(server, tmp_path):
    with server.app.app_context():
        backup_service.create(db.current(), tmp_path / "b.zip")
        with pytest.raises(backup_service.BackupError, match="Stop it first"):
            restore(tmp_path / "b.zip")
    assert list(server.instance.glob("ampera.db.before-*")) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "pooler of transactions"])
def test_server_and_restore_exclude_each_other(kind, request, tmp_path):
    url = f"sqlite:///{tmp_path}/a.db" if kind == "sqlite" else request.getfixturevalue("cluster").new_database()
    database, other = (db.Database(url, has_sessions=kind == "postgresql") for _ in range(2))
    _ = kind == "sqlite" and migrate.upgrade(database)
    servers = [ServerLock(database), ServerLock(other)]
    for server in servers:  # servers share the database
        server.take()
    with pytest.raises(InUse), alone(other):
        pass
    for server in servers:
        server.release()
    with alone(other), pytest.raises(InUse):
        servers[0].take()
    servers[0].take()
    servers[0].release()
    database.dispose()
    other.dispose()


def test_lock_is_taken_again_after_an_outage_of_postgresql(cluster):
    database, other = db.Database(cluster.new_database()), None
    other = db.Database(str(database.url.render_as_string(hide_password=False)))
    server = ServerLock(database)
    server.take()
    with other.writer.begin() as conn:
        conn.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    server.renew()  # finds the connection lost
    server.renew()
    with pytest.raises(InUse), alone(other):
        pass
    server.release()
    database.dispose()
    other.dispose()


def test_restore_takes_the_place_in_one_step_and_keeps_the_old_file(app, tmp_path):
    builders.ready(1)
    backup_service.create(db.current(), tmp_path / "b.zip")
    file = Path(db.current().url.database)
    kept = restore(tmp_path / "b.zip")
    assert kept.exists() and kept != file
    assert not list(file.parent.glob("*-wal")) and not list(file.parent.glob(".*restoring"))
    with closing(sqlite3.connect(file)) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_restore_waits_for_no_other_program_and_changes_nothing(app, tmp_path):
    backup_service.create(db.current(), tmp_path / "b.zip")
    file = Path(db.current().url.database)
    before = file.stat().st_ino
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM offices").fetchone()
        with pytest.raises(backup_service.BackupError, match="Another program"):
            restore(tmp_path / "b.zip")
    assert file.stat().st_ino == before


def test_damaged_database_can_be_replaced(app, tmp_path):
    backup_service.create(db.current(), tmp_path / "b.zip")
    file = Path(db.current().url.database)
    db.current().dispose()
    file.write_bytes(b"not a database" * 1000)
    restore(tmp_path / "b.zip")
    with db.reading() as session:
        assert migrate.is_current(session.connection())


def test_restore_makes_the_folder_of_a_new_installation(app, tmp_path):
    backup_service.create(db.current(), tmp_path / "b.zip")
    new = db.Database(f"sqlite:///{tmp_path}/new/instance/ampera.db")
    assert backup_service.restore(new, tmp_path / "b.zip") is None
    with new.reader.connect() as conn:
        assert migrate.is_current(conn)
    new.dispose()


def test_backup_of_a_newer_version_is_refused(app, tmp_path):
    backup_service.create(db.current(), tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as old, zipfile.ZipFile(tmp_path / "newer.zip", "w") as newer:
        newer.writestr("ampera.db", old.read("ampera.db"))
        newest = migrate.newest()
        newer.writestr("manifest.json", old.read("manifest.json").replace(f'"{newest}"'.encode(), b'"9999"'))
    with pytest.raises(backup_service.BackupError, match="newer version"):
        restore(tmp_path / "newer.zip")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [("missing.zip", "No such file"), (".", "Is a directory"), ("text.zip", "not a backup of this product")],
)
def test_file_that_is_no_backup_is_named(app, tmp_path, file, sentence):
    (tmp_path / "text.zip").write_text("a letter")
    with pytest.raises(backup_service.BackupError, match=sentence):
        backup_service.verify(db.current(), tmp_path / file)


def test_archive_for_a_missing_folder_is_refused(app, tmp_path):
    with pytest.raises(backup_service.BackupError, match="There is no folder"):
        backup_service.create(db.current(), tmp_path / "nowhere" / "b.zip")


def test_archive_that_cannot_be_written_leaves_no_part(app, tmp_path):
    target = tmp_path / "b.zip"
    target.mkdir()
    with pytest.raises(backup_service.BackupError, match="cannot be written"):
        backup_service.create(db.current(), target)
    shutil.rmtree(target)
    assert list(tmp_path.glob(".b.zip*")) == []
