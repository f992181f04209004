"""The file of hashes of leaked passwords: every line of it is found, nothing else is, and little of it is read."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from ampera.installation import leaked_passwords
from ampera.settings import SettingsError
from tests import builders
from tests.accounts.test_sign_in import csrf_token, log_in
from tests.conftest import settings_for

LEAKED = [f"kata sandi bocor {n}" for n in range(257)]


def sha1(password):
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def written(folder, passwords, end="\r\n"):
    file = Path(folder, "leaked.txt")
    lines = sorted(f"{sha1(password)}:{n % 4000 + 1}" for n, password in enumerate(passwords))
    file.write_bytes(end.join([*lines, ""]).encode())
    return file


@pytest.mark.parametrize("count", [1, 2, 3, 64, 257])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_leaked_password_is_found_and_no_other(tmp_path, count, end):
    file = written(tmp_path, LEAKED[:count], end)
    assert all(leaked_passwords.has(file, password) for password in LEAKED[:count])
    assert not any(leaked_passwords.has(file, f"{password}.") for password in LEAKED)


def test_file_without_a_last_line_end_is_read_completely(tmp_path):
    file = written(tmp_path, LEAKED)
    file.write_bytes(file.read_bytes().rstrip())
    assert all(leaked_passwords.has(file, password) for password in LEAKED)


def test_large_file_is_searched_and_never_loaded(tmp_path):
    """Two gigabytes that are mostly a hole: the search still ends, and reads a few lines only."""
    file = tmp_path / "large"
    with file.open("wb") as lines:
        lines.write(f"{sha1('awal'):0>40}:1\n".encode())
        lines.truncate(2 << 30)
    assert not leaked_passwords.has(file, "bukan salah satunya")


@pytest.mark.parametrize("content", [b"", b"0123:4\n", b"F" * 40 + b":1\n" + b"0" * 40 + b":1\n", b"f" * 40 + b":1\n"])
def test_other_file_is_refused_at_the_start(tmp_path, content):
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="AMPERA_LEAKED_PASSWORDS must be a file of"):
        settings_for(tmp_path, LEAKED_PASSWORDS=str(file))
    with pytest.raises(SettingsError, match="AMPERA_LEAKED_PASSWORDS cannot be read"):
        settings_for(tmp_path, LEAKED_PASSWORDS=str(tmp_path / "none"))


def test_leaked_password_is_refused_beside_the_field(app, client, tmp_path, monkeypatch):
    new = "sungai musi pasang surut 77"
    settings = replace(app.extensions["ampera.settings"], leaked_passwords=str(written(tmp_path, [*LEAKED, new])))
    monkeypatch.setitem(app.extensions, "ampera.settings", settings)
    log_in(client)

    def change(password):
        form = {"old": builders.PASSWORD, "new": password, "again": password, "csrf_token": csrf_token(client)}
        return client.post("/account/password", data=form)

    refused = change(new)
    assert refused.status_code == 422 and "pernah bocor" in refused.text
    assert change(f"{new} lain").status_code == 303
