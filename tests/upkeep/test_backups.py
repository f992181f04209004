"""A backup is proved by restoring it, refused when it is damaged, restores everything, is pruned and practised."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from ampera import audit, clock, db, migrate
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.history import checkpoints
from ampera.tools.backups import archive_service, cli, encryption, service, timer_service
from ampera.tools.backups.archive_service import Keep
from ampera.tools.upkeep import doctor
from tests import builders, intruder
from tests.conftest import on_both, on_one
from tests.handovers import steps

SECOND = timedelta(seconds=1)


def run(app, *arguments):
    done = app.test_cli_runner().invoke(cli.backup, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@on_both
def test_backup_restores_the_whole_database(app, api, tmp_path):
    officer = api("officer")
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    service.create(db.current(), tmp_path / "b.zip")
    found = service.verify(db.current(), tmp_path / "b.zip")
    assert found["audit"]["ok"] and found["rows"]["handovers"] == 1 and found["unfit_keys"] == []
    _, later = builders.ready(2)
    kept = service.restore(db.current(), tmp_path / "b.zip")
    db.current().dispose()
    assert kept is None or kept.exists()
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Handover)) == 1
    assert steps.scan(officer, later).get_json()["verdict"] == "unknown"


@on_one("sqlite")
def test_backup_of_a_broken_history_is_written_and_named_as_broken(app, tmp_path):
    builders.ready(1)
    audit.note_access(audit.command(1), "probe.made", "office:1", {})
    intruder.change(update(AuditEntry).values(hash="0" * 64))
    done = run(app, "create", "--out", tmp_path / "b.zip")
    assert done.exit_code == 1 and "HISTORY IS BROKEN" in done.output and "proved" not in done.output
    assert (tmp_path / "b.zip").exists()


@on_one("sqlite")
def test_proof_compares_with_the_newest_checkpoint_before_the_backup(app, tmp_path):
    settings = db.current_settings()
    object.__setattr__(settings, "checkpoint_dir", str(tmp_path))
    builders.ready(1)
    with clock.shift(-SECOND), db.reading() as session:
        checkpoints.write(session, settings.secret_key, tmp_path)
    service.create(db.current(), tmp_path / "b.zip")
    (signed,) = [checkpoints.read(file) for file in tmp_path.glob("*.json")]
    assert service.verify(db.current(), tmp_path / "b.zip")["checkpoint"] == signed["at"]


def test_damaged_or_foreign_archive_is_refused(app, tmp_path):
    service.create(db.current(), tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as good, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        bad.writestr("manifest.json", good.read("manifest.json"))
        bad.writestr("ampera.db", good.read("ampera.db")[:-100])
    (tmp_path / "text.zip").write_text("not an archive")
    for name in ("bad.zip", "text.zip", "missing.zip"):
        with pytest.raises(service.BackupError):
            service.verify(db.current(), tmp_path / name)


def test_copy_with_other_rows_than_the_manifest_lists_is_refused(app, tmp_path):
    service.create(db.current(), tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as good, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        manifest = json.loads(good.read("manifest.json"))
        manifest["rows"]["staff"] += 1
        bad.writestr("manifest.json", json.dumps(manifest))
        bad.writestr("ampera.db", good.read("ampera.db"))
    with pytest.raises(service.BackupError, match="the table staff has"):
        service.verify(db.current(), tmp_path / "bad.zip")


@pytest.mark.proof
def test_postgresql_backup_works_beside_what_an_administrator_has_made(app, tmp_path, cluster):
    """The product's role owns its database and nothing else; a restore leaves no table of a later version."""
    url = cluster.new_database()
    administrator, source = db.Database(url), db.Database(url.replace("postgres@", "clerk@"))
    with administrator.writer.begin() as conn:
        conn.exec_driver_sql("CREATE ROLE clerk LOGIN CREATEDB")
        for statement in (f"ALTER DATABASE {source.url.database} OWNER TO clerk", "CREATE SCHEMA theirs"):
            conn.exec_driver_sql(statement)
        conn.exec_driver_sql("CREATE EXTENSION pg_stat_statements")
        conn.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        conn.exec_driver_sql("CREATE TABLE theirs.notes AS SELECT 1 AS id")
    migrate.upgrade(source)
    service.create(source, tmp_path / "b.zip")
    with source.writer.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE later (office integer REFERENCES offices (id))")
    assert service.verify(source, tmp_path / "b.zip")["audit"]["ok"]
    service.restore(source, tmp_path / "b.zip")
    with administrator.reader.connect() as conn:
        assert migrate.is_current(conn)
        assert conn.scalar(text("SELECT count(*) FROM theirs.notes")) == 1
        assert conn.scalar(text("SELECT to_regclass('later')")) is None
        left = conn.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE '%proof'")).all()
    assert left == []
    for database in (administrator, source):
        database.dispose()


@pytest.mark.proof
def test_role_without_the_right_to_a_scratch_database_reads_how_to_get_one(app, tmp_path, cluster):
    url = cluster.new_database()
    administrator, source = db.Database(url), db.Database(url.replace("postgres@", "plain@"))
    with administrator.writer.begin() as conn:
        conn.exec_driver_sql("CREATE ROLE plain LOGIN")
        conn.exec_driver_sql(f"ALTER DATABASE {source.url.database} OWNER TO plain")
    migrate.upgrade(source)
    service.create(source, tmp_path / "b.zip")
    with pytest.raises(service.Unproved, match="ALTER ROLE plain CREATEDB"):
        service.verify(source, tmp_path / "b.zip")
    for database in (administrator, source):
        database.dispose()


@pytest.mark.proof
def test_restore_that_fails_half_way_changes_nothing(app, tmp_path, cluster):
    database = db.Database(cluster.new_database())
    migrate.upgrade(database)
    service.create(database, tmp_path / "b.zip")
    with archive_service.unpacked(tmp_path / "b.zip") as (copy, manifest):
        copy.write_bytes(copy.read_bytes()[:-2000])
        with pytest.raises(service.BackupError, match="pg_restore failed"):
            service.postgres_service.load(database, copy, manifest)
    with database.reader.connect() as conn:
        assert migrate.is_current(conn)
    database.dispose()


def test_drill_takes_the_newest_backup_and_changes_nothing(app, tmp_path):
    builders.ready(1)
    assert "There is no backup" in run(app, "drill").output
    run(app, "create")
    done = run(app, "drill")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Good: ") and "Its codes can be shown." in done.output


def test_doctor_knows_the_age_of_the_last_proved_backup_wherever_the_archive_lies(app, tmp_path):
    run(app, "create", "--out", tmp_path / "elsewhere.zip")
    settings = app.extensions["ampera.settings"]
    for hours, is_well in ((1, True), (30, False)):
        with clock.shift(timedelta(hours=hours)):
            (found,) = [finding for finding in doctor.examine(settings) if finding.check == "backup"]
        assert found.ok is is_well and "The last proved one" in found.text


def test_backup_into_a_folder_gets_a_name_and_trouble_is_a_sentence(app, tmp_path):
    assert run(app, "create", "--no-proof", "--out", tmp_path).exit_code == 0
    assert archive_service.newest(tmp_path)
    (tmp_path / "file").touch()
    for arguments in (["create", "--out", tmp_path / "no" / "b.zip"], ["verify", tmp_path], ["drill", tmp_path / "no"]):
        done = run(app, *arguments)
        assert done.exit_code == 1 and done.output.startswith("Error: "), done.output


def test_archive_that_finds_no_room_is_refused(app, tmp_path, monkeypatch):
    service.create(db.current(), tmp_path / "b.zip")
    monkeypatch.setattr(encryption, "SPARE_BYTES", 10**18)
    with pytest.raises(service.BackupError, match="too little room"):
        service.verify(db.current(), tmp_path / "b.zip")


def files_of(folder: Path, *ages: int) -> dict[int, Path]:
    files = {age: folder / f"{clock.now() - timedelta(days=age):{archive_service.NAME}}" for age in ages}
    for file in files.values():
        file.touch()
    return files


def test_pruning_goes_by_age_and_count_and_spares_the_newest(tmp_path):
    files = files_of(tmp_path, 0, 1, 2, 40, 50)
    (tmp_path / "ampera-before-the-move.zip").touch()
    old = archive_service.outdated(tmp_path, Keep(days=30, most=2, least=1), clock.now())
    assert old == [files[50], files[40], files[2]]
    assert archive_service.outdated(tmp_path, Keep(days=30, most=9, least=4), clock.now()) == [files[50]]


def test_prune_deletes_only_what_the_dry_run_names(app, tmp_path):
    files = files_of(tmp_path, 0, 40)
    assert files[40].name in run(app, "prune", tmp_path, "--least", 1, "--dry-run").output and files[40].exists()
    run(app, "prune", tmp_path, "--least", 1)
    assert not files[40].exists() and files[0].exists()


def test_schedule_writes_units_with_the_paths_of_this_machine(app, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/opt/ampera/bin/ampera"])
    done = run(app, "schedule", "--out", "/mnt/elsewhere", "--at", "*:0/15", "--days", 3, "--write", tmp_path)
    assert done.exit_code == 0, done.output
    made = {name: (tmp_path / name).read_text() for name in timer_service.UNITS}
    assert "OnCalendar=*:0/15\n" in made["ampera-backup.timer"]
    unit = made["ampera-backup.service"]
    assert "ExecStart=/opt/ampera/bin/ampera backup create --out /mnt/elsewhere\n" in unit
    assert "--days 3 --most 60" in unit and "/srv/ampera" not in unit and "/var/backups" not in unit
    assert run(app, "schedule", "--at", "19:30\nExecStart=/bin/sh").exit_code == 1
