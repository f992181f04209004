"""The commands `ampera import` and `ampera sample`."""

import json

import pytest
from sqlalchemy import func, select

from ampera import db
from ampera.cli.group import commands
from ampera.passports.imports.queries import past_imports
from ampera.passports.models import Passport


@pytest.fixture
def run(app, monkeypatch):
    """Run a command against this test's database; returns click's result."""
    settings = app.extensions["ampera.settings"]
    monkeypatch.setenv("AMPERA_INSTANCE", str(settings.instance))
    monkeypatch.setenv("AMPERA_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("AMPERA_CODE_KEYS", settings.code_keys)

    def run(*words, typed=None):
        return app.test_cli_runner().invoke(commands, [str(word) for word in words], input=typed)

    return run


def books() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Passport)) or 0


@pytest.mark.parametrize("name", ["contoh.csv", "contoh.xlsx"])
def test_importing_a_sample_prints_counts_and_errors_as_json(run, tmp_path, name):
    file = tmp_path / name
    assert run("sample", file, "--rows", 40, "--seed", 3, "--mess", "--bad", 2).exit_code == 0
    done = run("import", file, "--yes", "--json", "--lang", "id")
    result = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (result["rows"], result["created"], result["refused"], books()) == (40, 38, 2, 38)
    assert {problem["column"] for problem in result["problems"]} == {"birth_date", "passport_no"}
    assert all({*problem} == {"row", "column", "code", "message"} for problem in result["problems"])
    again = json.loads(run("import", file, "--yes", "--json").stdout)
    assert (again["unchanged"], again["created"]) == (38, 0)
    with db.reading() as session:
        listed = [(file.who, file.name, file.created, file.unchanged) for file in past_imports(session, 1)]
    assert listed == [(None, name, 0, 38), (None, name, 38, 0)]


def test_import_without_yes_shows_the_preview_and_asks(run, tmp_path):
    file = tmp_path / "contoh.csv"
    run("sample", file, "--rows", 10, "--bad", 1)
    shown = run("import", file, typed="n\n")
    assert "9 created" in shown.stdout
    assert "row " in shown.stdout
    assert json.loads(run("import", file, "--json").stdout)["created"] == 9
    assert books() == 0
    run("import", file, typed="y\n")
    assert books() == 9


def test_an_unreadable_file_ends_with_exit_code_one(run, tmp_path):
    file = tmp_path / "contoh.csv"
    file.write_text("Nama;Rak\nContoh;A-1\n")
    done = run("import", file, "--yes", "--json", "--lang", "id")
    result = json.loads(done.stdout)
    assert done.exit_code == 1
    assert result["rows"] == result["created"] == 0
    assert [problem["code"] for problem in result["problems"]] == ["column_missing"] * 4
    assert "nomor permohonan" in done.stderr


def test_an_unknown_office_is_refused(run, tmp_path):
    file = tmp_path / "contoh.csv"
    run("sample", file, "--rows", 1)
    assert run("import", file, "--yes", "--office", "XYZ").exit_code == 1
    assert books() == 0
