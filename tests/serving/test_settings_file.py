"""The file of settings: when it is read, how its lines are read, and what is said about it."""

import sys

import pytest

from ampera.cli import settings
from ampera.installation.setting_rules import SettingsError


@pytest.fixture
def default(tmp_path, monkeypatch):
    """The default file of this machine, which sets a Redis."""
    file = tmp_path / "ampera.env"
    file.write_text("AMPERA_REDIS_URL=redis://of-default\n")
    monkeypatch.setattr(settings, "DEFAULT", file)
    monkeypatch.setattr(settings, "in_use", [])
    return file


def test_lines_are_read_as_by_systemd(tmp_path):
    lines = """
    # a comment
    ; another
    AMPERA_ENV=production
    export AMPERA_BIND = 0.0.0.0:443
    AMPERA_MAIL_URL="smtp://a:b%20c@mail#1"
    AMPERA_SECRET_KEY='$x\\y"'
    LANG=
    """
    assert settings.parsed(lines, tmp_path) == {
        "AMPERA_ENV": "production",
        "AMPERA_BIND": "0.0.0.0:443",
        "AMPERA_MAIL_URL": "smtp://a:b%20c@mail#1",
        "AMPERA_SECRET_KEY": '$x\\y"',
        "LANG": "",
    }
    with pytest.raises(SettingsError, match="line 2: write NAME=value"):
        settings.parsed("A=b\nAMPERA_ENV: production", tmp_path)


def test_default_file_is_read_and_named(default):
    environ = {"AMPERA_BIND": "127.0.0.1:1"}
    assert settings.take(["doctor", "--json"], environ) == ["doctor", "--json"]
    assert environ["AMPERA_REDIS_URL"] == "redis://of-default" and settings.in_use == [default]


def test_environment_counts_more_than_the_file(default):
    environ = {"AMPERA_REDIS_URL": "redis://mine"}
    settings.take([], environ)
    assert environ["AMPERA_REDIS_URL"] == "redis://mine"


@pytest.mark.parametrize("name", ["AMPERA_INSTANCE", "AMPERA_DATABASE_URL"])
def test_default_file_is_not_read_beside_another_installation(default, name):
    environ = {name: "elsewhere"}
    settings.take(["doctor"], environ)
    assert environ == {name: "elsewhere"} and settings.in_use == []


@pytest.mark.parametrize("option", [["--env-file", "{}"], ["--env-file={}"]])
@pytest.mark.parametrize("place", [0, 1])
def test_named_file_is_read_instead_wherever_the_option_is(default, tmp_path, option, place):
    file = tmp_path / "other.env"
    file.write_text("AMPERA_BIND=127.0.0.1:2")
    environ = {"AMPERA_INSTANCE": "here"}
    arguments = ["backup"]
    arguments[place:place] = [part.format(file) for part in option]
    assert settings.take(arguments, environ) == ["backup"]
    assert environ == {"AMPERA_INSTANCE": "here", "AMPERA_BIND": "127.0.0.1:2"} and settings.in_use == [file]


def test_missing_named_file_is_a_sentence(default, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["ampera", "--env-file", str(tmp_path / "none"), "doctor"])
    with pytest.raises(SystemExit, match="cannot be read"):
        settings.main()


def test_unreadable_default_file_is_refused_unless_a_service_manager_has_read_the_file(default):
    default.unlink()
    default.mkdir()  # not readable, for root neither
    with pytest.raises(SettingsError, match="cannot be read"):
        settings.take([], {})
    assert settings.take(["run"], {"AMPERA_ENV": "production"}) == ["run"]
