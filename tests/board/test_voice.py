"""The loudspeaker's clips: complete, the office's own recording first, never a way out of their folders."""

import json
import re
import string
from pathlib import Path

import pytest

from ampera import create_app
from ampera.settings import PROJECT, SettingsError
from tests.conftest import settings_for

FOLDER = PROJECT / "static" / "voice"
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())


@pytest.fixture
def own(tmp_path):
    """A folder in which an office has recorded one clip of ours and put something else."""
    folder = tmp_path / "recording"
    (folder / "id").mkdir(parents=True)
    (folder / "id" / "loket.mp3").write_bytes(b"ours is better")
    (folder / "id" / "extra.mp3").write_bytes(b"not in the manifest")
    return folder


def test_the_folder_holds_exactly_the_clips_of_the_manifest():
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    assert there == {*MANIFEST, "manifest.json"}
    assert sum((FOLDER / name).stat().st_size for name in MANIFEST) < 300_000


def test_every_clip_is_an_mp3_file():
    for name in MANIFEST:
        start = (FOLDER / name).read_bytes()[:4]
        assert start[:3] == b"ID3" or (start[0] == 0xFF and start[1] & 0xE0 == 0xE0), name


def test_both_languages_speak_every_letter_and_digit():
    for language in ("id", "en"):
        names = {name[3:-4] for name in MANIFEST if name.startswith(f"{language}/")}
        assert {*string.ascii_lowercase, *string.digits} <= names


def test_every_clip_that_the_script_asks_for_is_in_the_manifest():
    source = (PROJECT / "static/js/board/sentence.js").read_text()
    asked = set(re.findall(r'"((?:id|en)/[a-z-]+|chime)"', source))
    assert {"chime", "id/nomor-antrean", "en/window"} <= asked <= {name.removesuffix(".mp3") for name in MANIFEST}


def test_a_clip_is_kept_by_the_browser_for_ever(client):
    answer = client.get("/voice/0123456789ab/id/loket.mp3")
    assert answer.status_code == 200 and answer.mimetype == "audio/mpeg"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.data == (FOLDER / "id/loket.mp3").read_bytes()


@pytest.mark.parametrize(
    "name", ["id/extra.mp3", "id/none.mp3", "manifest.json", "..%2Fmanifest.json", "id", "id/A.mp3"]
)
def test_what_is_not_in_the_manifest_is_not_served(client, name):
    assert client.get(f"/voice/v/{name}").status_code == 404


def test_own_recordings_replace_clips_of_the_product(tmp_path, empty_database, own):
    client = _client(tmp_path, empty_database, own)
    assert client.get("/voice/v/id/loket.mp3").data == b"ours is better"
    assert client.get("/voice/v/id/1.mp3").data == (FOLDER / "id/1.mp3").read_bytes()
    assert client.get("/voice/v/id/extra.mp3").status_code == 404


def test_a_new_recording_has_a_new_address(tmp_path, empty_database, own):
    from ampera.board.screens.voice_views import address

    with _client(tmp_path, empty_database, own).application.app_context():
        theirs = address()
    with _client(tmp_path, empty_database, "").application.app_context():
        assert address() != theirs


def test_a_folder_that_is_not_there_is_refused_at_the_start(tmp_path):
    with pytest.raises(SettingsError, match="AMPERA_VOICE"):
        settings_for(tmp_path, VOICE=str(tmp_path / "nowhere"))


def _client(folder: Path, empty_database: bytes, own: Path | str):
    (folder / "ampera.db").write_bytes(empty_database)
    return create_app(settings_for(folder, VOICE=str(own))).test_client()
