"""A backup is proved when it is made, refused when it is damaged, and restores everything."""

import zipfile

import pytest
from sqlalchemy import func, select, update

from ampera import audit, db, migrate
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.tools.upkeep import backup_service, cli
from tests import builders, intruder
from tests.conftest import on_both
from tests.handovers import steps


def test_backup_restores_the_whole_database(app, api, tmp_path):
    officer = api("officer")
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    made = backup_service.create(db.current(), tmp_path / "b.zip")
    assert made["audit"]["ok"] and made["database"] == "sqlite"
    _, later = builders.ready(2)
    kept = backup_service.restore(db.current(), tmp_path / "b.zip")
    db.current().dispose()
    assert kept is not None and kept.exists()
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Handover)) == 1
    assert steps.scan(officer, later).get_json()["verdict"] == "unknown"


@on_both
def test_backup_of_a_broken_history_is_written_and_named_as_broken(app, tmp_path):
    builders.ready(1)
    audit.note_access(audit.command(1), "probe.made", "office:1", {})
    intruder.change(update(AuditEntry).values(hash="0" * 64))
    done = app.test_cli_runner().invoke(cli.backup, ["create", "--out", str(tmp_path / "b.zip")])
    assert done.exit_code == 1 and "HISTORY IS BROKEN" in done.output and "proved" not in done.output
    assert (tmp_path / "b.zip").exists()


def test_damaged_or_foreign_archive_is_refused(app, tmp_path):
    backup_service.create(db.current(), tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as good, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        bad.writestr("manifest.json", good.read("manifest.json"))
        bad.writestr("ampera.db", good.read("ampera.db")[:-100])
    (tmp_path / "text.zip").write_text("not an archive")
    for name in ("bad.zip", "text.zip", "missing.zip"):
        with pytest.raises(backup_service.BackupError):
            backup_service.verify(tmp_path / name)


def test_postgresql_backup_is_restored(tmp_path, cluster):
    source, target = db.Database(cluster.new_database()), db.Database(cluster.new_database())
    migrate.upgrade(source)
    with source.writer.begin() as conn:
        conn.exec_driver_sql("CREATE EXTENSION pg_trgm")
    backup_service.create(source, tmp_path / "b.zip")
    backup_service.restore(target, tmp_path / "b.zip")
    with target.reader.connect() as conn:
        assert migrate.is_current(conn)
        extensions = conn.exec_driver_sql("SELECT extname FROM pg_extension").scalars().all()
    assert extensions == ["plpgsql"], "an extension needs the administrator of the server"
    source.dispose()
    target.dispose()
