"""A stolen backup opens nothing: it is encrypted for a key that is not on the server."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from ampera import db
from ampera.passports.models import Passport
from ampera.settings import SettingsError, load
from ampera.tools.backups import archive_service
from tests import builders
from tests.conftest import on_both
from tests.upkeep.test_backups import files_of, run


@pytest.fixture
def identity(app, tmp_path, monkeypatch) -> Path:
    """The secret key of this installation's backups."""
    file = tmp_path / "key.txt"
    public = run(app, "keypair", "--out", file).output.splitlines()[0].partition("=")[2]
    settings = replace(app.extensions["ampera.settings"], backup_recipients=public)
    monkeypatch.setattr(db, "current_settings", lambda: settings)
    return file


def created(app, folder: Path, *options: str) -> Path:
    done = run(app, "create", "--out", folder, "--json", *options)
    assert done.exit_code == 0, done.output
    return Path(json.loads(done.output)["file"])


@on_both
def test_encrypted_backup_is_proved_and_restored_with_the_key(app, identity, tmp_path):
    book, _ = builders.ready(1)
    file = created(app, tmp_path)
    assert file.name.endswith(".zip.age") and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run(app, "verify", file, "--identity", identity).output.startswith("Good")
    builders.set_columns(Passport, {"id": book[0]}, holder_name="Nama Baru")
    done = run(app, "restore", file, "--identity", identity, "--yes")
    assert done.exit_code == 0, done.output
    db.current().dispose()
    with db.reading() as session:
        assert session.get_one(Passport, book[0]).holder_name == "Contoh Orang 1"


def test_no_personal_value_is_in_the_bytes_and_nothing_plain_is_left(app, identity, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    builders.passport(1, phone="+628990000001", email="contoh@surat.example")
    file = created(app, tmp_path)
    stolen = file.read_bytes()
    for value in (b"Contoh Orang", b"1671010000000001", b"+628990000001", b"contoh@surat", b"SQLite format", b"PK\x03"):
        assert value not in stolen
    assert list(scratch.iterdir()) == []


def test_encrypted_backup_opens_nothing_without_the_key(app, identity, tmp_path):
    file, other = created(app, tmp_path, "--no-proof"), tmp_path / "other.txt"
    run(app, "keypair", "--out", other)
    empty = tmp_path / "empty.txt"
    empty.write_text("not a key\n")
    for arguments, sentence in (
        ([], "is encrypted. Name the file with its secret key"),
        (["--identity", other], "encrypted for another key"),
        (["--identity", empty], "has no secret key"),
        (["--identity", tmp_path / "gone"], "gone cannot be read"),
    ):
        done = run(app, "verify", file, *arguments)
        assert done.exit_code == 1 and sentence in done.output, done.output


def test_changed_encrypted_backup_is_refused(app, identity, tmp_path):
    file = created(app, tmp_path, "--no-proof")
    content = bytearray(file.read_bytes())
    content[-40] ^= 1
    file.write_bytes(content)
    assert "it is damaged" in run(app, "verify", file, "--identity", identity).output


def test_any_of_several_keys_opens_the_backup(app, identity, tmp_path, monkeypatch):
    second = tmp_path / "second.txt"
    public = run(app, "keypair", "--out", second).output.splitlines()[0].partition("=")[2]
    settings = db.current_settings()
    both = replace(settings, backup_recipients=f"{settings.backup_recipients},{public}")
    monkeypatch.setattr(db, "current_settings", lambda: both)
    file = created(app, tmp_path, "--no-proof")
    for key in (identity, second):
        assert run(app, "verify", file, "--identity", key).exit_code == 0


def test_key_is_private_and_never_overwritten(app, tmp_path):
    file = tmp_path / "key.txt"
    assert run(app, "keypair", "--out", file).exit_code == 0
    before = file.read_text()
    done = run(app, "keypair", "--out", file)
    assert done.exit_code == 1 and "is there already" in done.output
    assert file.read_text() == before and stat.S_IMODE(file.stat().st_mode) == 0o600


def test_key_with_a_typing_mistake_writes_nothing(app, tmp_path, monkeypatch):
    wrong = replace(app.extensions["ampera.settings"], backup_recipients="age1" + "q" * 58)
    monkeypatch.setattr(db, "current_settings", lambda: wrong)
    done = run(app, "create", "--no-proof", "--out", tmp_path / "b.zip.age")
    assert done.exit_code == 1 and "typing mistake" in done.output
    assert not (tmp_path / "b.zip.age").exists()


@pytest.mark.parametrize("value", ["age1short", "AGE-SECRET-KEY-1QQ", "age1" + "q" * 58 + ";"])
def test_setting_takes_public_keys_only(tmp_path, value):
    with pytest.raises(SettingsError, match="public keys like age1"):
        load({"AMPERA_INSTANCE": str(tmp_path), "AMPERA_BACKUP_RECIPIENTS": value})


def test_newest_and_pruning_count_encrypted_backups_too(tmp_path):
    for file in files_of(tmp_path, 1).values():
        file.rename(file.with_name(f"{file.name}.age"))
    files_of(tmp_path, 5)
    newest = archive_service.newest(tmp_path)
    assert newest and newest.name.endswith(".age")
