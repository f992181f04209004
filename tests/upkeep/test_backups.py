"""A backup is proved when it is made, refused when it is damaged, and restores everything."""

import zipfile

import pytest
from sqlalchemy import func, select

from ampera import db, migrate
from ampera.handovers.models import Handover
from ampera.installation import private_files
from ampera.tools.upkeep import backup_service
from ampera.tools.upkeep.doctor import examine
from tests import builders
from tests.conftest import settings_for
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
    backup_service.create(source, tmp_path / "b.zip")
    backup_service.restore(target, tmp_path / "b.zip")
    with target.reader.connect() as conn:
        assert migrate.is_current(conn)
    source.dispose()
    target.dispose()


def test_doctor_reports_missing_code_keys_only_where_keys_are_missing(app, tmp_path):
    builders.ready(1)
    private_files.tighten(tmp_path, None)
    assert all(finding.ok for finding in examine(app.extensions["ampera.settings"]))
    # Known by its value too: test_code_keys_lost.
    others = settings_for(tmp_path, CODE_KEYS="other:" + "0f1e2d3c" * 8)
    assert [finding.check for finding in examine(others) if not finding.ok] == ["code keys"]
