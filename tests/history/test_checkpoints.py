"""Checkpoints in a folder of another machine: when they are written, what they prove, and what the doctor says."""

import dataclasses
import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from ampera import audit, clock, db
from ampera.audit import AuditEntry
from ampera.history import checkpoints, tasks
from ampera.settings import SettingsError
from ampera.tools.auditing import cli
from ampera.tools.upkeep import history_queries
from tests import intruder
from tests.conftest import settings_for
from tests.history.steps import entry, set_to


@pytest.fixture
def folder(app, tmp_path, monkeypatch):
    """The folder of the settings."""
    made = tmp_path / "elsewhere"
    made.mkdir()
    set_to(app, monkeypatch, checkpoint_dir=str(made))
    return made


def files(folder) -> list:
    return sorted(folder.glob("*"))


def test_checkpoint_is_written_when_the_history_has_grown_and_only_then(app, folder):
    entry()
    with clock.freeze(clock.now()):
        tasks.write_checkpoint()
    with clock.freeze(clock.now() + timedelta(minutes=5)):
        tasks.write_checkpoint()
    assert len(files(folder)) == 1, "nothing has happened since"
    entry()
    with clock.freeze(clock.now() + timedelta(minutes=10)):
        tasks.write_checkpoint()
    _, second = files(folder)
    assert second == checkpoints.newest(folder) and second.stat().st_mode & 0o077 == 0
    signed = json.loads(second.read_text())
    assert checkpoints.is_genuine(signed, app.secret_key) and signed["chains"]["1"]["seq"] == 2


def test_folder_that_cannot_be_written_stops_nothing(app, folder):
    entry()
    folder.rmdir()
    tasks.write_checkpoint()
    assert not history_queries.elsewhere(db.current_settings())[0]


def test_checkpoint_of_an_earlier_secret_is_genuine_while_the_chain_pins_the_key(app, monkeypatch, folder):
    audit.open_history(audit.command())
    tasks.write_checkpoint()
    signed = checkpoints.read(checkpoints.newest(folder))
    set_to(app, monkeypatch, secret_key="another-long-secret-of-this-installation-0123456789")
    with db.reading() as session:
        pinned = checkpoints.pinned_keys(session)
    assert pinned == [signed["public_key"]] and signed["key_id"] == checkpoints.key_id(pinned[0])
    now = db.current_settings().secret_key
    assert not checkpoints.is_genuine(signed, now)
    assert checkpoints.is_genuine(signed, now, pinned)
    assert not checkpoints.is_genuine({**signed, "chains": {}}, now, pinned)
    result = app.test_cli_runner().invoke(cli.audit, ["verify", "--json"])
    assert json.loads(result.output)["ok"], "the newest checkpoint of the folder is compared"


def test_key_that_only_the_file_names_is_not_trusted(app, folder):
    audit.open_history(audit.command())
    with db.reading() as session:
        forged = checkpoints.checkpoint(session, "the-secret-of-somebody-else-0123456789-abcdef")
        assert not checkpoints.is_genuine(forged, app.secret_key, checkpoints.pinned_keys(session))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"public_key": "zz", "signature": "ü"}', "\x00"])
def test_file_that_is_no_checkpoint_is_refused(app, tmp_path, content):
    (tmp_path / "c.json").write_text(content)
    arguments = ["verify", "--json", "--checkpoint", str(tmp_path / "c.json")]
    result = app.test_cli_runner().invoke(cli.audit, arguments)
    assert result.exit_code == 1 and "did not sign" in json.loads(result.output)["reason"]


def test_doctor_reports_missing_old_foreign_and_contradicting_checkpoints(app, monkeypatch, folder):
    settings = db.current_settings()
    entry()
    assert not history_queries.elsewhere(settings)[0], "missing"
    tasks.write_checkpoint()
    entry()
    assert history_queries.elsewhere(settings)[0], "the server has minutes to write the next one"
    with clock.freeze(clock.now() + timedelta(minutes=16)):
        assert not history_queries.elsewhere(settings)[0], "old"
        tasks.write_checkpoint()
        assert history_queries.elsewhere(settings)[0]
    newest = checkpoints.newest(folder)
    newest.write_text(newest.read_text().replace('"seq": 2', '"seq": 1'))
    assert "not signed" in history_queries.elsewhere(settings)[1]
    newest.unlink()
    intruder.change(update(AuditEntry).where(AuditEntry.seq == 1).values(hash="0" * 64))
    assert "rewritten" in history_queries.elsewhere(settings)[1]


def test_production_without_a_folder_is_not_well(app):
    settings = db.current_settings()
    assert history_queries.elsewhere(settings)[0]
    is_well, text = history_queries.elsewhere(dataclasses.replace(settings, env="production"))
    assert not is_well and "AMPERA_CHECKPOINT_DIR" in text


def test_folder_that_does_not_exist_is_refused_at_the_start(tmp_path):
    with pytest.raises(SettingsError, match="AMPERA_CHECKPOINT_DIR"):
        settings_for(tmp_path, CHECKPOINT_DIR=str(tmp_path / "nowhere"))
