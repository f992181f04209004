"""What the doctor says about keys, accounts and API keys of a database that is otherwise well."""

from dataclasses import replace

import pytest

from ampera import audit, clock
from ampera.accounts.devices import service as device_service
from ampera.accounts.models import ApiKey, Staff
from ampera.installation import private_files
from ampera.monitoring import figures
from ampera.tools.backups import archive_service
from ampera.tools.upkeep import doctor
from ampera.tools.upkeep.doctor import examine
from tests import builders
from tests.conftest import settings_for


def amiss(settings) -> dict[str, str]:
    """What is not well: the sentence of each check."""
    return {finding.check: finding.text for finding in examine(settings) if not finding.ok}


def test_doctor_reports_missing_code_keys_only_where_keys_are_missing(app, tmp_path):
    builders.ready(1)
    private_files.tighten(tmp_path, None)
    assert amiss(app.extensions["ampera.settings"]) == {}
    # Known by its value too: test_code_keys_lost.
    others = settings_for(tmp_path, CODE_KEYS="other:" + "0f1e2d3c" * 8)
    assert list(amiss(others)) == ["code keys"]


def test_file_of_settings_that_everybody_may_open_is_named(app, tmp_path, monkeypatch):
    file = tmp_path.parent / f"{tmp_path.name}.env"
    file.touch(0o640)
    monkeypatch.setattr(doctor, "in_use", [file])
    assert "settings" not in amiss(app.extensions["ampera.settings"])
    file.chmod(0o644)
    assert "chmod o=" in amiss(app.extensions["ampera.settings"])["settings"]


def test_backup_of_the_figures_is_the_one_that_is_noted(app, tmp_path):
    archive_service.note(tmp_path, tmp_path / "b.zip", "now")
    assert b"ampera_backup_age_seconds" in figures.written(app)


def test_api_key_without_an_end_is_named(app):
    builders.key_of("desk.plg")
    assert "API keys" not in amiss(app.extensions["ampera.settings"])
    builders.set_columns(ApiKey, {"id": 1}, expires_at=None)
    assert "1 of desk.plg" in amiss(app.extensions["ampera.settings"])["API keys"]
    builders.set_columns(ApiKey, {"id": 1}, revoked_at=clock.now())
    assert "API keys" not in amiss(app.extensions["ampera.settings"])


def test_lack_of_enrolled_tablets_is_named_where_roles_need_one(app):
    tied = replace(app.extensions["ampera.settings"], enrolled_tablets="officer")
    assert "/tablet" in amiss(tied)["tablets"] and "tablets" not in amiss(app.extensions["ampera.settings"])
    wanted = device_service.WorkTablet("window", "Tablet 1")
    device_service.enrol_device(audit.command(1), 1, wanted, "h" * 64)
    assert "tablets" not in amiss(tied)


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("login", "d\u0435sk.plg", r"d\u0435sk.plg"),
        ("login", "desk\x1b[2K", r"desk\x1b[2K"),
        ("name", "Contoh \u202eutaS", "desk.plg"),
        ("name", "Contoh\u3164", "desk.plg"),
    ],
    ids=["Cyrillic letter", "control character", "direction", "filler"],
)
def test_odd_login_or_name_is_named_in_ascii(app, column, value, shown):
    staff = builders.staff("desk.plg").id
    builders.set_columns(Staff, {"id": staff}, **{column: value})
    text = amiss(app.extensions["ampera.settings"])["accounts"]
    assert shown in text and text.isascii()
    builders.set_columns(Staff, {"id": staff}, is_active=False)
    assert "accounts" not in amiss(app.extensions["ampera.settings"])
